// The characters of a file: by its byte-order mark, as UTF-8 if it is, by what it declares, else as Western.

const HEAD = 2048;
const MARKS = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

export function decode(bytes) {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) {
    return new TextDecoder(marked[0]).decode(bytes);
  }
  return (
    attempt("utf-8", bytes) ?? attempt(declared(bytes), bytes) ?? new TextDecoder("windows-1252").decode(bytes)
  );
}

function declared(bytes) {
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, HEAD));
  return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? "utf-8";
}

function attempt(charset, bytes) {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
