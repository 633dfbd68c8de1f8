/** A sentence as a voice says it: without the signs of markdown. */
export function voiceText(text: string, _language: string | undefined): string {
  return text
    .replaceAll(/[*_#`]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
