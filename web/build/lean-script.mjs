/**
 * Pyodide's script (`pyodide.asm.mjs`, made by Emscripten) without what only dynamic libraries use.
 *
 * Emscripten gives such libraries all that it has: a variable and a property of `Module` for each
 * export, an entry in `wasmImports` and a signature for each function in JavaScript. What nobody
 * mentions any more when these are gone is left out by esbuild, which does so at the top level
 * only; so the one large function is opened for it, and closed again.
 *
 * Each step looks for a text that this version of Emscripten writes, and the build ends where it is
 * not there.
 *
 * @import {Import} from "./wasm.mjs"
 */

import { transform } from "esbuild";

/**
 * @typedef Input
 * @property {string} script
 * @property {string[]} users the scripts that use the module that it makes
 * @property {Import[]} imports of the WebAssembly module
 * @property {string[]} exports of the WebAssembly module
 */

const HEAD = "async function _createPyodideModule(moduleArg={}){";
const TAIL = "\n;return moduleRtn}export default _createPyodideModule;\n";
const ARGUMENT = "moduleArgumentOfTheOpenedFunction";

/** Tables of functions that OpenGL looks up by name: a worker without a canvas has none. */
const GRAPHICS = /^emscripten_gl[A-Z]/;

/**
 * @param {Input} input
 * @returns {Promise<{script: string, exports: Set<string>}>} with the exports that it needs
 * @throws {Error} where the script is not as expected
 */
export async function leanScript({ script, users, imports, exports }) {
  const tables = imports.filter(({ module }) => module.startsWith("GOT."));
  const looked = tables.map(({ name }) => name).filter((name) => !GRAPHICS.test(name));
  const called = imports.filter((one) => !tables.includes(one)).map(({ name }) => name);
  const byUsers = new Set(users.flatMap(words));

  const [before, assignments, after] = cutAssignments(script);
  let rest = keepImports(before + after, new Set([...called, ...looked]));
  rest = dropSignatures(rest, new Set(looked));
  rest = dropProperties(rest, byUsers);
  // What is not there is a null pointer, instead of an error.
  rest = replaceOne(rest, "if(!weakImports.has(symName)){rtn.required=true}", "");
  // A direct eval sees, and so keeps, each local name; those that use it belong to libraries.
  rest = rest.replaceAll(/(?<![\w$.])eval\(/g, "(0,eval)(");

  const mentioned = new Set([...words(rest), ...byUsers]);
  const needed = assignments.filter(({ targets }) => targets.some((name) => mentioned.has(name)));
  const variables = needed.flatMap(({ targets }) => targets).filter((name) => name !== "");
  const assign = `var ${[...new Set(variables)].join(",")};function assignWasmExports(wasmExports){${needed
    .map(({ text }) => text)
    .join(";")}}`;
  const used = new Set(needed.map(({ name }) => name));
  return {
    script: await shake(replaceOne(rest, PLACE, assign)),
    exports: new Set(exports.filter((name) => used.has(name) || mentioned.has(name))),
  };
}

const PLACE = "/*assignWasmExports*/";

/**
 * @param {string} script
 * @returns {[before: string, assignments: Assignment[], after: string]}
 *
 * @typedef Assignment
 * @property {string} text
 * @property {string[]} targets variables and properties of `Module`
 * @property {string} name of the export
 */
function cutAssignments(script) {
  const found = /var [\w$,]+;function assignWasmExports\(wasmExports\)\{([^}]*)\}/.exec(script);
  if (!found) throw new Error("Pyodide's script does not assign exports as expected");
  const assignments = String(found[1]).split(";").map((text) => {
    const parts = /^((?:(?:[\w$]+|Module\["[\w$]+"\])=)+)wasmExports\["([^"]+)"\](?:\.value>>>0)?$/.exec(text);
    if (!parts) throw new Error(`Pyodide's script has an unknown assignment: ${text}`);
    const targets = words(String(parts[1])).filter((word) => word !== "Module");
    return { text, targets, name: String(parts[2]) };
  });
  const end = found.index + found[0].length;
  return [script.slice(0, found.index) + PLACE, assignments, script.slice(end)];
}

/**
 * @param {string} script
 * @param {Set<string>} kept names of what the WebAssembly module imports
 */
function keepImports(script, kept) {
  const found = /(?<=var wasmImports=\{)[^{}]*(?=\})/.exec(script);
  if (!found) throw new Error("Pyodide's script has no table of imports");
  const entries = found[0].split(",").filter((entry) => kept.has(String(entry.split(":")[0])));
  const end = found.index + found[0].length;
  return script.slice(0, found.index) + entries.join(",") + script.slice(end);
}

/**
 * A signature is looked at where a function's address is asked for.
 *
 * @param {string} script
 * @param {Set<string>} kept
 */
function dropSignatures(script, kept) {
  return script.replaceAll(/(?<=[;}])_([\w$]+)\.sig="\w*";/g, (text, name) => (kept.has(name) ? text : ""));
}

/**
 * `Module["name"]=name;`, where nobody asks for it.
 *
 * @param {string} script
 * @param {Set<string>} byUsers
 */
function dropProperties(script, byUsers) {
  const property = /Module\["([\w$]+)"\]=\1;/g;
  const asked = new Set(
    Array.from(script.replaceAll(property, "").matchAll(/[.{,"]([\w$]+)/g), ([, name]) => name),
  );
  return script.replaceAll(property, (text, name) => (asked.has(name) || byUsers.has(name) ? text : ""));
}

/**
 * @param {string} script
 * @returns {Promise<string>} without what is not used, and short
 */
async function shake(script) {
  if (!script.startsWith(HEAD) || !script.endsWith(TAIL)) {
    throw new Error("Pyodide's script is not one function");
  }
  const body = script.slice(HEAD.length, -TAIL.length);
  const opened = `var moduleArg=${ARGUMENT};${body};export{moduleRtn as default};`;
  const { code } = await transform(opened, {
    format: "esm",
    target: "es2022",
    charset: "utf8",
    minify: true,
    treeShaking: true,
    legalComments: "none",
    logLevel: "error",
  });
  const end = /export\{([\w$]+) as default\};\s*$/.exec(code);
  if (!end) throw new Error("esbuild wrote something else than expected");
  return `export default async function(${ARGUMENT}={}){${code.slice(0, end.index)}return ${end[1]}}`;
}

/**
 * @param {string} text
 * @param {string} old
 * @param {string} replacement
 */
function replaceOne(text, old, replacement) {
  const parts = text.split(old);
  if (parts.length !== 2) throw new Error(`Pyodide's script has not one of this: ${old}`);
  return parts.join(replacement);
}

/** @param {string} text */
function words(text) {
  return text.match(/[\w$]+/g) ?? [];
}
