/** JsSIP on the page's thread, as its documentation shows it; its log is off by default. */

import JsSIP from "jssip";

import { Node } from "./dialog-info.js";
import { openSession } from "./session.js";

const { bench } = window;
const ACCEPT = "application/dialog-info+xml";

async function main() {
  const account = await openSession(bench, bench.again);
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(account.sip_url)],
    uri: `sip:${account.id}@${account.sip_domain}`,
    password: account.sip_password,
    register: false,
  });

  function follow(user, node) {
    return new Promise((resolve) => {
      const calls = new Node(node, (event) => bench.tell(event));
      const target = `sip:${user}@${account.sip_domain}`;
      const subscriber = ua.subscribe(target, "dialog", ACCEPT, { expires: 3600, params: {} });
      subscriber.on("accepted", resolve);
      subscriber.on("notify", (_final, _request, body) => calls.take(body));
      subscriber.subscribe();
    });
  }

  ua.on("connected", async () => {
    await follow(account.id, `user:${account.id}`);
    bench.subscribe = (node) => follow(node.replace("user:", ""), node);
    bench.ready();
  });
  ua.start();
}

main();
