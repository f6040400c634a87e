/** SIP.js on the page's thread, as its documentation shows it, with its log switched off. */

import { Subscriber, SubscriptionState, UserAgent } from "sip.js";

import { Node } from "./dialog-info.js";
import { openSession } from "./session.js";

const { bench } = window;

async function main() {
  const account = await openSession(bench, bench.again);
  const userAgent = new UserAgent({
    uri: UserAgent.makeURI(`sip:${account.id}@${account.sip_domain}`),
    authorizationUsername: String(account.id),
    authorizationPassword: account.sip_password,
    transportOptions: { server: account.sip_url, traceSip: false },
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: "error",
  });

  function follow(user, node) {
    const calls = new Node(node, (event) => bench.tell(event));
    const target = UserAgent.makeURI(`sip:${user}@${account.sip_domain}`);
    const subscriber = new Subscriber(userAgent, target, "dialog", { expires: 3600 });
    subscriber.delegate = {
      onNotify(notification) {
        notification.accept();
        calls.take(notification.request.body);
      },
    };
    return new Promise((resolve) => {
      subscriber.stateChange.addListener((state) => {
        if (state === SubscriptionState.Subscribed) resolve();
      });
      subscriber.subscribe();
    });
  }

  await userAgent.start();
  await follow(account.id, `user:${account.id}`);
  bench.subscribe = (node) => follow(node.replace("user:", ""), node);
  bench.ready();
}

main();
