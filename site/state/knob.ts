// What a control is made from.

interface Named {
  /** A few words, for a label. */
  readonly label: string;
  /** A sentence, for whoever asks what it is. */
  readonly help: string;
}

export interface NumberKnob extends Named {
  readonly kind: "number";
  readonly least: number;
  readonly most: number;
  readonly usual: number;
  /** "slider": drawn as one; "field": a number to type. */
  readonly as: "slider" | "field";
}

export interface ChoiceKnob extends Named {
  readonly kind: "choice";
  /** By value, what it is called. */
  readonly choices: Readonly<Record<string, string>>;
  readonly usual: string;
}

export const number = (
  label: string,
  [least, usual, most]: readonly [number, number, number],
  help: string,
  as: NumberKnob["as"] = "slider",
): NumberKnob => ({ kind: "number", label, help, least, most, usual, as });

export const choice = (label: string, choices: Record<string, string>, help: string): ChoiceKnob => ({
  kind: "choice",
  label,
  help,
  choices,
  usual: Object.keys(choices)[0]!,
});
