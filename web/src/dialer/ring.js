/**
 * The ring tone. It is computed, so there is no file to host, and the policy needs no further source.
 */

/** The length of one round in seconds: two strokes, then a pause. */
const ROUND = 3.2;
const STROKES = [0, 0.45];
/** The frequencies in hertz and their relative volumes: a soft bell. */
const PARTIALS = [
  [659.26, 1],
  [987.77, 0.5],
  [1318.51, 0.25],
];
const LOUDNESS = 0.16;

export class Ring {
  /** @type {AudioContext | null} */
  #audio = null;
  /** @type {AudioBufferSourceNode | null} */
  #source = null;
  /** Waits for the click or key press that allows sound. */
  #waiting = new AbortController();

  /** @returns {boolean} whether the tone can be heard */
  get audible() {
    return this.#source !== null && this.#audio?.state === "running";
  }

  /**
   * Start the tone. If the browser allows no sound before the first click or key press, the tone starts
   * with that, provided that the call still rings.
   */
  start() {
    if (this.#source || typeof AudioContext !== "function") return;
    if (navigator.userActivation?.hasBeenActive === false) {
      this.#wait();
      return;
    }
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    const source = new AudioBufferSourceNode(audio, { buffer: round(audio), loop: true });
    source.connect(audio.destination);
    source.start();
    this.#source = source;
  }

  stop() {
    this.#waiting.abort();
    this.#source?.stop();
    this.#source?.disconnect();
    this.#source = null;
    // A running context keeps the audio hardware awake.
    void this.#audio?.suspend();
  }

  /** Release the audio hardware. */
  close() {
    this.stop();
    void this.#audio?.close();
    this.#audio = null;
  }

  #wait() {
    this.#waiting.abort();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    const begin = () => {
      this.#waiting.abort();
      this.start();
    };
    for (const type of ["pointerup", "keydown"]) {
      addEventListener(type, begin, { capture: true, signal });
    }
  }
}

/**
 * @param {AudioContext} audio
 * @returns {AudioBuffer} one round. It loops without a timer, which a hidden tab would delay.
 */
function round({ sampleRate }) {
  const length = Math.floor(ROUND * sampleRate);
  const buffer = new AudioBuffer({ length, sampleRate });
  const samples = buffer.getChannelData(0);
  for (const start of STROKES) {
    const first = Math.floor(start * sampleRate);
    for (let index = first; index < length; index += 1) {
      const time = (index - first) / sampleRate;
      // A short attack avoids a click, then a bell's decay.
      const envelope = Math.min(1, time / 0.008) * Math.exp(-3.2 * time);
      let sum = 0;
      for (const [frequency = 0, share = 0] of PARTIALS) {
        sum += share * Math.sin(2 * Math.PI * frequency * time);
      }
      samples[index] = (samples[index] ?? 0) + LOUDNESS * envelope * sum;
    }
  }
  return buffer;
}
