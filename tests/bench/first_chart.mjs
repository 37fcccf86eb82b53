// What embed_chart.mjs and remote_log.mjs share.
import { once } from 'node:events';

/** Starts a server at a free port of loopback. @returns its URL */
export async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Runs in a page: notes the time of the first frame in which a canvas has something of a colour, as `drawnAt`. */
export function watchForInk() {
  const hasInk = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 28) {
      const [r, g, b, alpha] = data.subarray(i, i + 4);
      if (alpha > 200 && Math.max(r, g, b) - Math.min(r, g, b) > 60) return true;
    }
    return false;
  };
  const look = () => {
    const drawn = [...document.querySelectorAll('canvas')].some((canvas) => canvas.width > 0 && hasInk(canvas));
    if (drawn) globalThis.drawnAt = performance.now();
    else requestAnimationFrame(look);
  };
  addEventListener('DOMContentLoaded', look);
}
