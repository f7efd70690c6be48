// Reads and changes messages of Thrift's binary protocol in place, as far as the bridge needs it.

const BOOL = 2;
const BYTE = 3;
const DOUBLE = 4;
const I16 = 6;
const I32 = 8;
const I64 = 10;
const STRING = 11;
const STRUCT = 12;
const MAP = 13;
const SET = 14;
const LIST = 15;
const WIDTHS = { [BOOL]: 1, [BYTE]: 1, [I16]: 2, [I32]: 4, [I64]: 8, [DOUBLE]: 8 };

/** The message's name and the offset of its body; undefined for something else. */
exports.messageOf = function messageOf(bytes) {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== 0x8001) return undefined;
  const length = bytes.readInt32BE(4);
  return { name: bytes.toString("utf8", 8, 8 + length), body: 8 + length + 4 };
};

/** Every value of a struct by its path: field ids and list places, joined by dots (`1.1288.0.2`). */
exports.valuesOf = function valuesOf(bytes, start) {
  const found = new Map();
  read(bytes, start, STRUCT, "", (path, type, from, to) => found.set(path, { type, from, to }));
  return found;
};

function read(bytes, start, type, path, tell) {
  const inner = (name) => (path === "" ? String(name) : `${path}.${name}`);
  let at = start;
  if (WIDTHS[type] !== undefined) at += WIDTHS[type];
  else if (type === STRING) at += 4 + bytes.readInt32BE(at);
  else if (type === STRUCT) {
    while (bytes[at] !== 0) at = read(bytes, at + 3, bytes[at], inner(bytes.readInt16BE(at + 1)), tell);
    at += 1;
  } else if (type === MAP) {
    const [keys, values, count] = [bytes[at], bytes[at + 1], bytes.readInt32BE(at + 2)];
    at += 6;
    for (let place = 0; place < count; place++) {
      at = read(bytes, at, keys, inner(`key${place}`), tell);
      at = read(bytes, at, values, inner(`value${place}`), tell);
    }
  } else if (type === LIST || type === SET) {
    const [members, count] = [bytes[at], bytes.readInt32BE(at + 1)];
    at += 5;
    for (let place = 0; place < count; place++) at = read(bytes, at, members, inner(place), tell);
  } else throw new Error(`Thrift has no type ${type}`);
  tell(path, type, start, at);
  return at;
}

exports.textAt = function textAt(bytes, value) {
  return value === undefined ? undefined : bytes.toString("utf8", value.from + 4, value.to);
};

exports.withText = function withText(bytes, value, text) {
  const data = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(data.length);
  return Buffer.concat([bytes.subarray(0, value.from), length, data, bytes.subarray(value.to)]);
};

/** Puts a field of a whole number in front of a struct's others. */
exports.withNumberField = function withNumberField(bytes, structStart, id, number) {
  const field = Buffer.alloc(7);
  field.writeUInt8(I32, 0);
  field.writeInt16BE(id, 1);
  field.writeInt32BE(number, 3);
  return Buffer.concat([bytes.subarray(0, structStart), field, bytes.subarray(structStart)]);
};
