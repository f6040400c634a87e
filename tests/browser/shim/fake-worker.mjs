// A worker that speaks the protocol and does what the test says, over a BroadcastChannel.
// ?mute: says nothing by itself. ?throw: its script fails.

const query = new URL(import.meta.url).searchParams;
if (query.has("throw")) throw new Error("on purpose");

const control = new BroadcastChannel("fake-worker");
const ports = [];
let mute = query.has("mute");

const say = (message, list = ports) => {
  for (const port of list) port.postMessage(JSON.stringify(message));
};

function accept(port) {
  const number = ports.push(port);
  port.onmessage = ({ data }) => receive(JSON.parse(data), number, port);
  control.postMessage({ got: { type: "connect" }, page: number });
  if (!mute) say({ type: "progress", stage: "ready" }, [port]);
}

function receive(message, page, port) {
  control.postMessage({ got: message, page });
  if (mute) return;
  if (message.type === "ping") say({ type: "pong" }, [port]);
  if (message.type === "hello") {
    const { nodes } = message;
    const state = { connected: false, loggedIn: false, uris: [], nodes, features: [], params: {} };
    say({ type: "state", ...state }, [port]);
  }
}

control.onmessage = ({ data }) => {
  if ("mute" in data) mute = data.mute;
  for (const message of data.say ?? []) say(message);
  for (const port of ports) {
    for (const text of data.raw ?? []) port.postMessage(text);
    if (data.objects) for (const one of [null, 5, { type: "failed" }, [[5]]]) port.postMessage(one);
  }
  if (data.close) self.close();
};

if ("SharedWorkerGlobalScope" in self) self.onconnect = ({ ports: [port] }) => accept(port);
else self.onmessage = ({ ports: [port] }) => accept(port);
control.postMessage({ got: { type: "start", name: self.name }, page: 0 });
