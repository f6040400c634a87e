// What such pages have in common: a row for each `call.id`, which goes when its status is HANGUP,
// a status line, and an alert for each INFO and ERROR. Written as it was done: globals, inline
// handlers, ids without quotes.
var rows = {};

function setStatus(text) { document.getElementById("status").innerHTML = text; }

function buttons(id) {
  return '<button class="answer" onclick="connector.answer(' + id + ')">Answer</button>' +
    '<button class="hangup" onclick="connector.terminate(' + id + ')">Hang up</button>' +
    '<button class="transfer" onclick="connector.transfer(' + id + ', \'1003\')">Transfer</button>' +
    (window.moreButtons ? moreButtons(id) : "");
}

function row(call) {
  var tr = rows[call.id];
  if (!tr) {
    tr = rows[call.id] = document.createElement("tr");
    tr.innerHTML = "<td></td><td>" + buttons(call.id) + "</td>";
    document.getElementById("calls").appendChild(tr);
  }
  tr.firstChild.textContent = call.status + " " + call.source + " " + call.destination;
}

function removeRow(id) {
  if (!rows[id]) return;
  rows[id].parentNode.removeChild(rows[id]);
  delete rows[id];
}

function clearRows() {
  for (var id in rows) removeRow(id);
}

function onCallEvent(call) {
  if (call.status == "HANGUP") {
    removeRow(call.id);
    setStatus("Available");
  } else {
    row(call);
    setStatus(call.status);
  }
}

function onMessage(event) {
  record(event.name); // for the test
  switch (event.name) {
    case Cti.EVENT.READY:
      clearRows();
      setStatus("Available");
      if (window.onReady) onReady();
      break;
    case Cti.EVENT.LOGGED_OUT:
      clearRows();
      setStatus("Not connected");
      break;
    case Cti.EVENT.ERROR:
    case Cti.EVENT.INFO:
      setStatus("Error");
      alert(event.message);
      break;
    default:
      if (event.call) onCallEvent(event.call);
  }
}

var connector = new Cti.Connector({
  apiEndpoint: location.origin + "/v1.2/voipstudio",
  onMessage: onMessage
});
