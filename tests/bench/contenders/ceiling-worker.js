/**
 * A worker that does nothing but answer each NOTIFY with 200 and post its document: what a
 * connector in a worker could reach at most. It takes what it needs from fixed places and checks
 * nothing.
 */

const ports = new Set();
let opened = null;
let socket = null;
let account = null;
let ready = false;
const subscribers = new Map();

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = ({ data }) => receive(port, JSON.parse(data));
};

function receive(port, message) {
  if (message.type === "subscribe") subscribe(message.user, port);
  else if (ready) port.postMessage("ready");
  else opened ??= open(message.options);
}

async function open({ apiEndpoint, email, password }) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ email, password });
  const login = await fetch(`${apiEndpoint}/login`, { method: "POST", headers, body });
  const { user_token } = await login.json();
  const me = await fetch(`${apiEndpoint}/me`, { headers: { "X-Auth-Token": user_token } });
  account = (await me.json()).data;
  socket = new WebSocket(account.sip_url, "sip");
  socket.onopen = () => subscribe(account.id, null);
  socket.onmessage = ({ data }) => take(data);
}

function subscribe(user, port) {
  const { id, sip_domain: domain } = account;
  const callId = crypto.randomUUID();
  subscribers.set(callId, port);
  socket.send(
    `SUBSCRIBE sip:${user}@${domain} SIP/2.0\r\n` +
      `Via: SIP/2.0/WS ceiling.invalid;branch=z9hG4bK${callId}\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:${id}@${domain}>;tag=1\r\nTo: <sip:${user}@${domain}>\r\n` +
      `Call-ID: ${callId}\r\nCSeq: 1 SUBSCRIBE\r\n` +
      `Contact: <sip:${id}@ceiling.invalid;transport=ws>\r\nEvent: dialog\r\nExpires: 3600\r\n` +
      "Accept: application/dialog-info+xml\r\nContent-Length: 0\r\n\r\n",
  );
}

function take(text) {
  if (text.startsWith("SIP/2.0 ")) {
    accepted(field(text, "Call-ID"));
    return;
  }
  socket.send(
    `SIP/2.0 200 OK\r\nVia:${field(text, "Via")}\r\nFrom:${field(text, "From")}\r\n` +
      `To:${field(text, "To")}\r\nCall-ID:${field(text, "Call-ID")}\r\n` +
      `CSeq:${field(text, "CSeq")}\r\nContent-Length: 0\r\n\r\n`,
  );
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  if (body.includes('state="full"')) return;
  for (const port of ports) port.postMessage(body);
}

function accepted(callId) {
  const port = subscribers.get(callId.trim());
  if (port) {
    port.postMessage("subscribed");
    return;
  }
  ready = true;
  for (const each of ports) each.postMessage("ready");
}

function field(text, name) {
  const start = text.indexOf(`\r\n${name}:`) + name.length + 3;
  return text.slice(start, text.indexOf("\r\n", start));
}
