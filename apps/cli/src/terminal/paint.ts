const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

export type Colour = keyof typeof codes;

/** Wraps text in the colour, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const painter = (colourful: boolean): Paint => {
  if (!colourful) return (_colour, text) => text;
  return (colour, text) => {
    const [on, off] = codes[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
};
