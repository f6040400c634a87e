// What libraries of the years around 2010 do to the language: the parts that meet other scripts.

// Prototype.js 1.6
Object.prototype.extra = function () {};
function $A(iterable) {
  if (!iterable) return [];
  if ("toArray" in Object(iterable)) return iterable.toArray();
  var length = iterable.length || 0, results = new Array(length);
  while (length--) results[length] = iterable[length];
  return results;
}
Array.from = $A;
Array.prototype.each = function (act) { for (var i = 0; i < this.length; i++) act(this[i], i); return this; };
Array.prototype.toArray = Array.prototype.entries = function () { return [].concat(this); };
Array.prototype.toJSON = function () { return "[" + this.join(", ") + "]"; };
Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
Array.prototype.find = Array.prototype.detect = function (test) {
  var found;
  this.each(function (one, i) { if (found === undefined && test(one, i)) found = one; });
  return found;
};
Array.prototype.include = function (one) { return this.indexOf(one) >= 0; };
Array.prototype.flatten = function () { return this; };
String.prototype.toJSON = Number.prototype.toJSON = function () { return '"' + this + '"'; };
String.prototype.startsWith = function (start) { return this.lastIndexOf(start, 0) === 0; };
Function.prototype.bind = function () {
  if (arguments.length < 2 && arguments[0] === undefined) return this;
  var method = this, given = $A(arguments), object = given.shift();
  return function () { return method.apply(object, given.concat($A(arguments))); };
};
Element.prototype.remove = function () { this.parentNode.removeChild(this); return this; };
Element.prototype.select = function (selector) { return $A(this.querySelectorAll(selector)); };
Element.prototype.update = Element.prototype.insert = function (html) { this.innerHTML += html; return this; };
Element.prototype.hide = function () { this.style.display = "none"; return this; };
Event.prototype.stop = function () { this.preventDefault(); this.stopPropagation(); };

// MooTools 1.2
(function (native) {
  window.Element = function (tag) { return document.createElement(tag); };
  window.Element.prototype = native.prototype;
})(window.Element);
window.Event = function (event) { this.event = event || window.event; };
Element.prototype.set = Element.prototype.get = function () { return this; };
Array.prototype.contains = Array.prototype.include;
Number.prototype.times = function (act) { for (var i = 0; i < this; i++) act(i); };
