/**
 * Dialog-info documents in, call events out: what an application on top of a SIP library writes.
 * The events are those of this project's connector.
 */

const NAMESPACE = "urn:ietf:params:xml:ns:dialog-info";
const ENDED = new Set(["HANGUP", "CANCEL"]);

/** The calls of one node. */
export class Node {
  #node;
  #tell;
  #version = -1;
  #calls = new Map();
  static #cids = 0;

  constructor(node, tell) {
    this.#node = node;
    this.#tell = tell;
  }

  take(body) {
    const document = new DOMParser().parseFromString(body, "application/xml");
    const root = document.documentElement;
    const version = Number(root.getAttribute("version"));
    if (version <= this.#version) return;
    this.#version = version;
    for (const dialog of root.getElementsByTagNameNS(NAMESPACE, "dialog")) this.#update(dialog);
  }

  #update(dialog) {
    const id = dialog.getAttribute("id").split("-")[0];
    const state = child(dialog, "state");
    const local = readParty(child(dialog, "local"));
    const remote = readParty(child(dialog, "remote"));
    const before = this.#calls.get(id);
    const status = statusOf(state.textContent, before?.status, local, remote);
    if (status === null || status === before?.status) return;
    const incoming = dialog.getAttribute("direction") === "recipient";
    const [source, destination] = incoming ? [remote, local] : [local, remote];
    const call = {
      id,
      cid: before?.cid ?? String((Node.#cids += 1)),
      cause: ENDED.has(status) ? (state.getAttribute("event") ?? "") : "",
      destination: destination.number,
      destinationName: destination.name,
      source: source.number,
      sourceName: source.name,
      direction: incoming ? "INBOUND" : "OUTBOUND",
      status,
      node: this.#node,
      requestId: "",
      startTime: local.start ?? before?.startTime ?? null,
      answerTime: before?.answerTime ?? (status === "CONNECTED" ? Date.now() : null),
    };
    if (ENDED.has(status)) this.#calls.delete(id);
    else this.#calls.set(id, call);
    this.#tell({ name: status, call });
  }
}

function child(element, name) {
  for (const one of element.children) if (one.localName === name) return one;
  return null;
}

function statusOf(state, before, local, remote) {
  if (state === "early") return "RINGING";
  if (state === "confirmed") return local.held || remote.held ? "ON_HOLD" : "CONNECTED";
  if (state !== "terminated" || before === undefined) return null;
  return before === "RINGING" ? "CANCEL" : "HANGUP";
}

function readParty(element) {
  const identity = child(element, "identity");
  const target = child(element, "target");
  const params = new Map();
  for (const param of target?.children ?? []) {
    params.set(param.getAttribute("pname"), param.getAttribute("pvalue"));
  }
  const start = params.get("timestamp.start");
  return {
    number: /^sips?:([^@;]*)/.exec(identity?.textContent.trim() ?? "")?.[1] ?? "",
    name: identity?.getAttribute("display") ?? "",
    held: params.get("+sip.rendering") === "no",
    start: start ? Number(start) * 1000 : null,
  };
}
