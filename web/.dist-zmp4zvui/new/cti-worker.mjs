import "./assets/cti-worker-GPGIQOTO.mjs";
