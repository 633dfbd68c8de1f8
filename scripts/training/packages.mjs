/**
 * What the detectors of a voice and of the caller learn from. People: June Wallack in French, Carlo Flora and Paola Dal
 * Zot in Italian, a woman in Russian. CC-BY-SA-3.0, CC-BY-3.0, CC-BY-SA-3.0 and CC-BY-3.0. The Spanish prompts are left
 * out: they are spoken by the woman of the English ones, on whom they are tested. And music of Max McCracken, CC-BY-SA-3.0.
 */
export const trainingPackages = {
  'asterisk-core-sounds-fr-wav=1.6.1-1': '8d4e1bc32ed5ba7fbda40841ca1825ed20cc6232724a473c90f8bb0e53e6073e',
  'asterisk-core-sounds-it-wav=1.6.1-1': '5a26638089e134b8ac39363fe249c5c93c50cd8bfdc9b2499ae61ec4a35e2fcb',
  'asterisk-core-sounds-ru-wav=1.6.1-1': 'ccbfaebfa450b7a9ddf644ae0f3d1e9017d5df7c0aebe816e946345589d38201',
  'asterisk-prompt-it-menardi-wav=1:1.4.22+mm20110907-3.1': '3094530d98f8758ac275572d59624c41f60969fef883f34f4886d144f3dfeb21',
  'singularity-music=007-2': '139ba1e408eeb0a72f1fff3760ca46558b9f81bed97dc8c0efa108c4007f4845',
};
