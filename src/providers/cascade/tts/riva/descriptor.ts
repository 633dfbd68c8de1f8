/**
 * The part of NVIDIA Riva's speech synthesis that is used here, as protobuf.js reads it: names and numbers of the
 * fields as the service has them on the wire.
 */
export const descriptor = {
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
                    text: { type: 'string', id: 1 },
                    language_code: { type: 'string', id: 2 },
                    encoding: { type: 'nvidia.riva.AudioEncoding', id: 3 },
                    sample_rate_hz: { type: 'int32', id: 4 },
                    voice_name: { type: 'string', id: 5 },
                  },
                },
                SynthesizeSpeechResponse: { fields: { audio: { type: 'bytes', id: 1 } } },
                RivaSynthesisConfigRequest: { fields: { model_name: { type: 'string', id: 1 } } },
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

export interface SynthesizeRequest {
  readonly text: string;
  readonly language_code: string;
  readonly encoding: 'LINEAR_PCM';
  readonly sample_rate_hz: number;
  /** Empty takes the model's own. */
  readonly voice_name: string;
}

export interface SynthesizeResponse {
  readonly audio?: unknown;
}
