// A frame with sandbox="allow-scripts" alone has no origin: nothing of this page may load there but this classic script,
// which its headers give to everybody.
if (globalThis.origin === 'null') {
  const text =
    'This frame needs allow-same-origin: its sandbox attribute must be "allow-scripts allow-same-origin", or be left out';
  document.body.textContent = text;
  parent.postMessage({ tensorpane: 1, type: 'error', error: text }, '*');
  parent.postMessage({ tensorpane: 1, type: 'height', height: 48, isError: true }, '*');
}
