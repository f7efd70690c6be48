export interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** One of a few, side by side: radio buttons, so that arrow keys move between them. */
export function ChoiceOf<T>({
  name,
  legend,
  choices,
  value,
  isDisabled,
  describedBy,
  onChoose,
}: {
  readonly name: string;
  readonly legend: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly isDisabled: boolean;
  readonly describedBy: string | undefined;
  readonly onChoose: (value: T) => void;
}) {
  return (
    <fieldset class="switch" disabled={isDisabled} aria-describedby={describedBy}>
      <legend>{legend}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.label} class={choice.value === value ? "chosen" : ""}>
            <input type="radio" name={name} checked={choice.value === value} onChange={() => onChoose(choice.value)} />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
