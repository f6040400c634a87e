/** Logs in as the connector does, and remembers the session as it does. */

const KEY = "token";

/** @returns {Promise<{id: number, sip_domain: string, sip_password: string, sip_url: string}>} */
export async function openSession({ apiEndpoint, email, password }, again) {
  let token = again ? localStorage.getItem(KEY) : null;
  if (token === null) {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ email, password });
    const response = await fetch(`${apiEndpoint}/login`, { method: "POST", headers, body });
    token = (await response.json()).user_token;
    localStorage.setItem(KEY, token);
  }
  return readAccount(apiEndpoint, token);
}

export async function readAccount(apiEndpoint, token) {
  const response = await fetch(`${apiEndpoint}/me`, { headers: { "X-Auth-Token": token } });
  return (await response.json()).data;
}
