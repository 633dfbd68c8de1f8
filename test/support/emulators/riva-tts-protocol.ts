const field = (type: string, id: number) => ({ type, id });

/** riva_tts.proto, as far as it says what the messages are on the wire. */
export const rivaTtsProtocol = {
  nested: {
    nvidia: {
      nested: {
        riva: {
          nested: {
            AudioEncoding: { values: { ENCODING_UNSPECIFIED: 0, LINEAR_PCM: 1, FLAC: 2, MULAW: 3, OGGOPUS: 4, ALAW: 20 } },
            tts: {
              nested: {
                SynthesizeSpeechRequest: {
                  fields: {
                    text: field('string', 1),
                    language_code: field('string', 2),
                    encoding: field('nvidia.riva.AudioEncoding', 3),
                    sample_rate_hz: field('int32', 4),
                    voice_name: field('string', 5),
                    id: field('string', 6),
                  },
                },
                SynthesizeSpeechResponseMetadata: { fields: { text: field('string', 1), processed_text: field('string', 2) } },
                SynthesizeSpeechResponse: { fields: { audio: field('bytes', 1), meta: field('SynthesizeSpeechResponseMetadata', 2) } },
                RivaSynthesisConfigRequest: { fields: { model_name: field('string', 1) } },
                RivaSynthesisConfigResponse: { fields: {} },
                RivaSpeechSynthesis: {
                  methods: {
                    SynthesizeOnline: {
                      requestType: 'SynthesizeSpeechRequest',
                      responseType: 'SynthesizeSpeechResponse',
                      responseStream: true,
                    },
                    GetRivaSynthesisConfig: { requestType: 'RivaSynthesisConfigRequest', responseType: 'RivaSynthesisConfigResponse' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
