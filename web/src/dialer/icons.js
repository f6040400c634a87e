/** Icons, drawn as inline SVG: a data: URL would need a source in the page's policy. */

const HANDSET =
  "M7.1 3.2 9.4 3a1 1 0 0 1 1 .6l1.3 3.2a1 1 0 0 1-.3 1.2L9.6 9.4a11 11 0 0 0 5 5l1.4-1.8a1 1 0 0 1 " +
  "1.2-.3l3.2 1.3a1 1 0 0 1 .6 1l-.2 2.3a3 3 0 0 1-3.2 2.8C10.1 19.2 4.8 13.9 4.3 6.4a3 3 0 0 1 " +
  "2.8-3.2z";

/** Each icon is drawn with lines, or filled. @type {Record<string, [path: string, filled?: true]>} */
const PATHS = {
  phone: [HANDSET, true],
  person: ["M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M5 20c0-4 3-6 7-6s7 2 7 6"],
  close: ["M6 6l12 12M18 6 6 18"],
  delete: ["M9 5h11v14H9l-6-7zM12 9.5l5 5M17 9.5l-5 5"],
  transfer: ["M4 17c0-5 3-8 8-8h7M15 5l4 4-4 4"],
  bell: ["M6 17v-6a6 6 0 0 1 12 0v6l1.5 1h-15zM10 21h4"],
  silent: ["M6 17v-6a6 6 0 0 1 1-3.3M10 5.3A6 6 0 0 1 18 11v5M19 18H4.5L6 17M10 21h4M4 4l16 16"],
  incoming: ["M18 6 7 17M7 9v8h8"],
  outgoing: ["M6 18 17 7M9 7h8v8"],
  hold: ["M9 6v12M15 6v12"],
  keys: ["M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01"],
  park: ["M5 4h14v16H5zM10 16V8h3a2.5 2.5 0 0 1 0 5h-3"],
  swap: ["M7 4v15M3.5 15.5 7 19l3.5-3.5M17 20V5M13.5 8.5 17 5l3.5 3.5"],
  back: ["M20 17c0-5-3-8-8-8H5M9 5 5 9l4 4"],
  star: ["M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.7-5 2.7 1.1-5.5L4 9.7l5.6-.7z"],
  gear: ["M4 7h9M19 7h1M13 5v4h4V5zM4 17h3M13 17h7M7 15v4h4v-4z"],
  dnd: ["M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M8 12h8"],
  missed: ["M4 7l8 7 8-7M4 13V7h6"],
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @returns {SVGSVGElement} decorative: its meaning is in the text beside it, or in `aria-label`
 */
export function icon(name) {
  const [path, filled] = PATHS[name] ?? ["M0 0"];
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", `icon icon-${name}${filled ? " filled" : ""}`);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}
