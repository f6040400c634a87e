/**
 * The audio outputs for the ring tone. Browsers name them only to pages that may use the microphone; a
 * page without that permission gets no choice, and is not asked for it.
 */

/** @returns {boolean} */
export function canChooseOutput() {
  return typeof AudioContext === "function" && "setSinkId" in AudioContext.prototype;
}

/** @returns {Promise<{id: string, label: string}[]>} the outputs that have a name, without the default */
export async function listOutputs() {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices
      .filter(({ kind, label, deviceId }) => kind === "audiooutput" && label && deviceId !== "default")
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  } catch {
    return [];
  }
}
