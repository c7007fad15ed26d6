/** Shows why something failed, and reads it aloud. */
export function Problem({ text }: { text: string | undefined }) {
  return (
    <p className="problem" role="alert">
      {text}
    </p>
  );
}
