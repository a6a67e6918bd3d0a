/** Colours that can be read, whatever accent a website has given. */

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** A colour as red, green and blue: read back as the browser paints it, however it is written. */
export function painted(colour) {
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** How far apart two colours are to the eye, from 1 to 21 (WCAG 2). */
function contrast(one, other) {
  const [dark, light] = [one, other].map((colour) => {
    const [r, g, b] = colour.map((part) => (part <= 10
      ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is read better on a colour. */
export const readableOn = (colour) => (contrast(colour, [255, 255, 255]) >= 4.5 ? "#fff" : "#111318");

/** A colour, as much nearer to that of the text as it takes to be seen on a ground. */
export function seenOn(ground, colour, text, enough) {
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = colour.map((part, n) => Math.round(part + (text[n] - part) * share));
    if (contrast(mixed, ground) >= enough) return `rgb(${mixed.join(" ")})`;
  }
  return `rgb(${text.join(" ")})`;
}
