// A page that makes its own connector as soon as it is loaded.
document.addEventListener("DOMContentLoaded", () => {
  new Cti.Connector({ apiEndpoint: "https://own.example", onMessage() {} });
});
