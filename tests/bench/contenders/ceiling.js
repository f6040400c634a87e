/** The page of the ceiling: it gets the documents as they came, and looks into none. */

{
  const { bench } = window;
  const { apiEndpoint, email, password } = bench;
  const url = new URL("ceiling-worker.js", document.currentScript.src).href;
  const worker = new SharedWorker(url, { name: "ceiling", extendedLifetime: true });
  let subscribed = () => {};

  bench.subscribe = (node) => {
    worker.port.postMessage(JSON.stringify({ type: "subscribe", user: node.replace("user:", "") }));
    return new Promise((resolve) => (subscribed = resolve));
  };
  worker.port.onmessage = ({ data }) => {
    if (data === "ready") bench.ready();
    else if (data === "subscribed") subscribed();
    else bench.tell(data);
  };
  worker.port.postMessage(JSON.stringify({ type: "hello", options: { apiEndpoint, email, password } }));
}
