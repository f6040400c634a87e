/**
 * The page's side of the frame: a hidden document on the bundle's origin, which can start a worker
 * of that origin. This is a separate script, loaded only if it is needed.
 *
 * @import {FrameReply} from "./frame.js"
 * @import {Opened, Request} from "./worker-port.js"
 */

import { FRAME } from "../common/build-info.js";

/** A loaded document that does not answer within this time (milliseconds) is not our frame. */
const PATIENCE = 5_000;

/**
 * @param {boolean} shared
 * @param {Request} request
 * @returns {Promise<Opened>}
 * @throws {Error} if there is no such frame, or no worker in it
 */
export function openFrame(shared, { name, onError }) {
  const url = new URL(FRAME, import.meta.url);
  url.hash = self.origin;
  const frame = hidden(url.href);
  return new Promise((resolve, reject) => {
    const { port1: line, port2 } = new MessageChannel();
    const stop = new AbortController();
    const { signal } = stop;
    const close = () => {
      stop.abort();
      line.close();
      frame.remove();
    };
    const fail = (/** @type {string} */ why) => {
      close();
      reject(new Error(why));
    };

    document.addEventListener(
      "securitypolicyviolation",
      ({ blockedURI, disposition }) => {
        if (disposition === "enforce" && url.href.startsWith(blockedURI)) fail("the frame is forbidden");
      },
      { signal },
    );
    frame.addEventListener(
      "load",
      () => {
        // The browser delivers the port only to a document of that origin.
        frame.contentWindow?.postMessage({ name, shared }, url.origin, [port2]);
        const timer = setTimeout(fail, PATIENCE, "the frame does not answer");
        signal.addEventListener("abort", () => clearTimeout(timer));
      },
      { signal },
    );
    line.onmessage = ({ data, ports: [port] }) => {
      /** @type {FrameReply} */
      const reply = data;
      if (port) {
        stop.abort();
        resolve({ port, shared: reply.shared === true, close });
      } else if (signal.aborted) {
        onError({ message: reply.error });
      } else {
        fail(reply.error ?? "the frame has no worker");
      }
    };
    // Not in the body: frameworks replace it, and it may not exist yet.
    document.documentElement.append(frame);
  });
}

/**
 * Find out why a blob worker could not import its script, because the browser does not report it. A
 * blob that imports at run time gets an event, but another directive applies to that import.
 *
 * @param {string} script the worker's
 * @param {(request: Request) => Opened} open
 * @returns {Promise<string>} the directive and the missing source, or `""`
 */
export async function diagnose(script, open) {
  const source = `onmessage = ({ ports: [port] }) => {
    addEventListener("securitypolicyviolation", () => port.postMessage("script-src"));
    import(${JSON.stringify(script)}).then(
      () => port.postMessage("worker-src"),
      () => setTimeout(() => port.postMessage(""), 100),
    );
  };`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const directive = await new Promise((resolve) => {
    const { port, close } = open({ url, name: "", onError: () => resolve("") });
    port.onmessage = ({ data }) => {
      close();
      resolve(data);
    };
  });
  URL.revokeObjectURL(url);
  return directive && `${directive} ${new URL(script).origin}`;
}

/** @param {string} src */
function hidden(src) {
  const frame = document.createElement("iframe");
  frame.src = src;
  frame.title = "CTI";
  frame.tabIndex = -1;
  frame.style.setProperty("display", "none", "important");
  return frame;
}
