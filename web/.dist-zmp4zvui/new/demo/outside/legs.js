/**
 * What a phone that takes part in a call shows, and what one can do at it.
 *
 * @import {Leg, PbxCall} from "./pbx.js"
 *
 * @typedef Action
 * @property {string} text
 * @property {string} verb of the control API
 * @property {object} body
 *
 * @typedef PhoneView
 * @property {string} key
 * @property {string} who whose phone it is
 * @property {string} other who is on the other side
 * @property {string} word how the call stands, in a word or two
 * @property {string} what the same in a sentence, with the other side's name
 * @property {"ringing" | "talking" | "held" | "waiting"} mood
 * @property {PbxCall} call
 * @property {Action[]} actions
 */

/**
 * @param {PbxCall[]} calls
 * @returns {{leg: Leg, call: PbxCall}[]} every phone that takes part in something
 */
export function livePhones(calls) {
  return calls.flatMap((call) =>
    live(call)
      .filter(({ node }) => !node.startsWith("queue:"))
      .map((leg) => ({ leg, call })),
  );
}

/**
 * @param {Leg} leg
 * @param {PbxCall} call
 * @returns {PhoneView}
 */
export function phoneView(leg, call) {
  const other = otherSide(leg, call);
  const view = { key: leg.id, who: leg.name || leg.number, other, call };
  const user = leg.node ? leg.node.slice(leg.node.indexOf(":") + 1) : leg.number;
  const hangUp = { text: "Hang up", verb: "hangup", body: { side: sideOf(leg, call) } };
  const talks = leg.state === "confirmed" || leg.state === "held";
  if (talks && !live(call).some((to) => to !== leg && ["confirmed", "held"].includes(to.state))) {
    const what = `Waits for ${other}`;
    return { ...view, word: "Waiting", what, mood: "waiting", actions: [hangUp] };
  }
  if (leg.state === "confirmed") {
    const hold = { text: "Hold", verb: "hold", body: { side: sideOf(leg, call) } };
    const actions = /^(ivr|conf):/.test(leg.node) ? [hangUp] : [hold, hangUp];
    const what = `Talking to ${other}`;
    return { ...view, word: "Talking", what, mood: "talking", actions };
  }
  if (leg.state === "held") {
    const resume = { text: "Resume", verb: "resume", body: {} };
    const what = `On hold with ${other}`;
    return { ...view, word: "On hold", what, mood: "held", actions: [resume, hangUp] };
  }
  const first = call.state === "INITIAL" && leg === call.legs[0];
  if (first || (leg.direction === "recipient" && leg.state === "early")) {
    const actions = [
      { text: "Pick up", verb: "answer", body: { user } },
      { text: "Reject", verb: "reject", body: { user } },
    ];
    const what = first ? `Rings. Pick up to call ${other}` : `Rings: ${other} is calling`;
    const word = first ? "Rings. Pick up to call" : "Rings";
    return { ...view, word, what, mood: "ringing", actions };
  }
  const waits = leg.direction === "initiator";
  const what = waits ? `Calls ${other} and waits` : "Is being reached";
  const word = waits ? "Calling…" : what;
  return { ...view, word, what, mood: "waiting", actions: waits ? [hangUp] : [] };
}

/** @param {PbxCall} call */
function live({ legs }) {
  return legs.filter(({ state }) => state !== "terminated");
}

/**
 * @param {Leg} leg
 * @param {PbxCall} call
 */
function otherSide(leg, call) {
  return leg.anchor ? call.dst_name || call.dst : leg.remote;
}

/**
 * The PBX calls the phone outside "remote"; between two phones inside, the one that was called.
 *
 * @param {Leg} leg
 * @param {PbxCall} call
 */
function sideOf(leg, call) {
  const legs = live(call);
  const outside = legs.filter(({ node }) => node === "");
  const remote = (outside.length ? outside : legs.slice(1)).at(-1);
  return remote === leg ? "remote" : "local";
}
