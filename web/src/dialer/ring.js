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
/** Each sound is the bell at another pitch, so that several people in a room can tell their phones apart. */
const PITCHES = new Map([
  ["1", 1],
  ["2", 0.667],
  ["3", 1.335],
]);
export const SOUNDS = [...PITCHES.keys()];

export class Ring {
  /** @type {AudioContext | null} */
  #audio = null;
  /** @type {AudioBufferSourceNode | null} */
  #source = null;
  /** @type {GainNode | null} */
  #gain = null;
  #sound = "1";
  #volume = 1;
  #output = "";
  /** Waits for the click or key press that allows sound. */
  #waiting = new AbortController();

  /** @returns {boolean} whether the tone can be heard */
  get audible() {
    return this.#source !== null && this.#audio?.state === "running";
  }

  /**
   * @param {object} settings
   * @param {string} settings.sound
   * @param {number} settings.volume
   * @param {string} settings.output
   */
  tune({ sound, volume, output }) {
    this.#sound = sound;
    this.#volume = volume;
    this.#output = output;
    if (this.#gain) this.#gain.gain.value = volume;
  }

  /** Play one round, for the settings. */
  listen() {
    if (this.#source || typeof AudioContext !== "function") return;
    this.#play(false);
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
    this.#source = this.#play(true);
  }

  /** @param {boolean} loop */
  #play(loop) {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    this.#choose(audio);
    const source = new AudioBufferSourceNode(audio, { buffer: round(audio, this.#sound), loop });
    this.#gain = new GainNode(audio, { gain: this.#volume });
    source.connect(this.#gain).connect(audio.destination);
    source.start();
    return source;
  }

  /** @param {AudioContext} audio */
  #choose(audio) {
    if (!("setSinkId" in audio) || !this.#output) return;
    const { setSinkId } = /** @type {{setSinkId: (id: string) => Promise<void>}} */ (audio);
    // The output is not there any more: the default one plays.
    setSinkId.call(audio, this.#output).catch(() => {});
  }

  stop() {
    this.#waiting.abort();
    this.#source?.stop();
    this.#source?.disconnect();
    this.#source = null;
    this.#gain?.disconnect();
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
 * @param {string} sound
 * @returns {AudioBuffer} one round. It loops without a timer, which a hidden tab would delay.
 */
function round({ sampleRate }, sound) {
  const pitch = PITCHES.get(sound) ?? 1;
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
        sum += share * Math.sin(2 * Math.PI * frequency * pitch * time);
      }
      samples[index] = (samples[index] ?? 0) + LOUDNESS * envelope * sum;
    }
  }
  return buffer;
}
