/** What is used of Pyodide; its own declarations need those of Node.js. */
export function loadPyodide(options: object): Promise<any>;
