// What a page may have done before the connector's script comes.
window.Cti = { Platform: { mine: true } };
