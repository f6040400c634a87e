// Before the connector's script: its workers become the fake one.
const Original = SharedWorker;
window.SharedWorker = class extends Original {
  constructor(_url, options) {
    super("/shim/fake-worker.mjs", options);
  }
};
