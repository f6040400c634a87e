// What every test page has: records, and a hand on the fake worker.

window.events = [];
window.got = [];
window.uncaught = [];
window.connectors = [];
window.outcomes = {};

addEventListener("error", ({ message }) => uncaught.push(message));
addEventListener("unhandledrejection", ({ reason }) => uncaught.push(String(reason)));

const control = new BroadcastChannel("fake-worker");
control.onmessage = ({ data }) => {
  if (data.got) got.push({ page: data.page, ...data.got });
};
window.tell = (order) => control.postMessage(order);

// Give `new Connector` the fake worker; `timing` replaces some waiting times.
window.make = (options, { worker = "", timing = {}, ...internals } = {}) => {
  internals.workerUrl = new URL(`/shim/fake-worker.mjs${worker}`, location.href).href;
  const given = { onMessage: (event) => events.push(event), ...options };
  const connector = new Cti.Connector(given, { ...internals, timing: { retry: 20, ...timing } });
  connectors.push(connector);
  return connector;
};

// Keep a promise's outcome under a name.
window.keep = (name, promise) => {
  promise.then(
    (value) => (outcomes[name] = { value }),
    ({ name: type, code, message, hint }) => (outcomes[name] = { type, code, message, hint }),
  );
};
