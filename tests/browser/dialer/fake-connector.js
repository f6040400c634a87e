// A connector without a network: every state of the dialer can be reached, and held.

class FakeConnector extends EventTarget {
  calls = [];
  status = "logged-out";
  front = true;
  /** What was asked for: `[method, ...args]`. */
  asked = [];
  /** How the next commands of a name end: a value, or an Error with a code; else never. */
  outcomes = {};
  userId = "";
  features = new Set([
    ...["answer", "terminate", "transfer", "hold", "digits", "consult", "deflect", "pickup", "park"],
    ...["dnd", "history"],
  ]);
  /** What `history` returns. */
  records = [];
  /** What `presence` returns, by node. */
  presences = {};

  on(name, listener, { signal } = {}) {
    const call = ({ detail }) => listener(detail);
    this.addEventListener(name, call, { signal });
    return () => this.removeEventListener(name, call);
  }

  _getParam(name) {
    return name === "user_id" && this.userId ? this.userId : undefined;
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  emit(event) {
    if (event.call) {
      const key = ({ requestId, id }) => requestId || id;
      const others = this.calls.filter((call) => key(call) !== key(event.call));
      const ended = event.call.status === "HANGUP";
      this.calls = ended ? others : [...others, event.call];
    }
    this.tell("event", event);
    if (event.name !== "event") this.tell(event.name, event);
  }

  move(status, userId = this.userId) {
    this.status = status;
    this.userId = status === "logged-out" ? "" : userId;
    this.tell("state", { status });
  }

  ready(userId = "10002") {
    this.move("connecting", userId);
    this.emit({ name: "LOGGED_IN", message: "" });
    this.move("ready");
    this.emit({ name: "READY", message: "" });
  }

  call_(name, more) {
    const call = {
      ...{ id: "c1", cid: "d1", cause: "", node: "user:10002", requestId: "", direction: "INBOUND" },
      ...{ source: "+442036427900", sourceName: "Alex Morgan", destination: "1002" },
      ...{ destinationName: "", startTime: Date.now(), answerTime: null, ...more },
      status: name === "CANCEL" ? "HANGUP" : name,
    };
    this.emit({ name, call });
  }

  apiRequest(method, path) {
    this.asked.push(["apiRequest", method, path]);
    const person = (id, ext, first_name, last_name, dnd = false) => ({
      ...{ id, ext, first_name, last_name, dnd },
    });
    if (this.people) return Promise.resolve({ data: this.people(person) });
    return Promise.resolve({
      data: [
        person("10002", "1002", "Anna", "Bell"),
        person("10003", "1003", "Ben", "Cole"),
        person("10005", "1005", "Carla", "Diaz"),
        person("10006", "1006", "Emil", "Fox", true),
        person("10004", "1004", "Dora", "Ellis"),
      ],
    });
  }

  /** The nodes that are followed now. */
  followed = new Set(["user:10002"]);

  getSubscriptionURIs() {
    return [...this.followed].map((node) => `${node.replace("user:", "")}@sip.example`);
  }

  subscribe(node) {
    this.asked.push(["subscribe", node]);
    this.followed.add(node);
    return Promise.resolve({ name: "SUBSCRIBED" });
  }

  unsubscribe(node) {
    this.asked.push(["unsubscribe", node]);
    this.followed.delete(node);
    return Promise.resolve(null);
  }

  presence(node) {
    const known = this.followed.has(node);
    return Promise.resolve(known ? (this.presences[node] ?? "free") : "unknown");
  }

  history(options) {
    this.asked.push(["history", options]);
    return Promise.resolve(this.records);
  }

  destroy() {
    this.asked.push(["destroy"]);
  }
}

const COMMANDS = [
  ...["login", "twoFactorAuth", "logout", "call", "answer", "terminate", "transfer", "hold", "resume"],
  ...["alternate", "sendDigits", "consult", "completeTransfer", "pickup", "park", "unpark"],
  ...["setDoNotDisturb"],
];
for (const method of COMMANDS) {
  FakeConnector.prototype[method] = function (...args) {
    this.asked.push([method, ...args]);
    const outcome = this.outcomes[method];
    if (outcome === undefined) return new Promise(() => {});
    if (outcome?.code) {
      const { code, message = "" } = outcome;
      return Promise.reject(Object.assign(new Error(message), { code }));
    }
    return Promise.resolve(outcome);
  };
}

window.fake = new FakeConnector();
