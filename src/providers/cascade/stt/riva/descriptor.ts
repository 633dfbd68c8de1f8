/** Fields of the messages of nvidia.riva.asr that are used here, by their numbers. After: riva_asr.proto of NVIDIA Riva 2. */
const field = (id: number, type: string) => ({ id, type });
const listOf = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const messages = {
  RecognitionConfig: {
    fields: {
      encoding: field(1, 'int32'),
      sample_rate_hertz: field(2, 'int32'),
      language_code: field(3, 'string'),
      max_alternatives: field(4, 'int32'),
      audio_channel_count: field(7, 'int32'),
      enable_automatic_punctuation: field(11, 'bool'),
      model: field(13, 'string'),
    },
  },
  StreamingRecognitionConfig: { fields: { config: field(1, 'RecognitionConfig'), interim_results: field(2, 'bool') } },
  StreamingRecognizeRequest: {
    oneofs: { streaming_request: { oneof: ['streaming_config', 'audio_content'] } },
    fields: { streaming_config: field(1, 'StreamingRecognitionConfig'), audio_content: field(2, 'bytes') },
  },
  SpeechRecognitionAlternative: { fields: { transcript: field(1, 'string') } },
  StreamingRecognitionResult: {
    fields: {
      alternatives: listOf(1, 'SpeechRecognitionAlternative'),
      is_final: field(2, 'bool'),
      audio_processed: field(6, 'float'),
    },
  },
  StreamingRecognizeResponse: { fields: { results: listOf(1, 'StreamingRecognitionResult') } },
  RivaSpeechRecognitionConfigRequest: { fields: { model_name: field(1, 'string') } },
  RivaSpeechRecognitionConfigResponse: { fields: {} },
};

const service = {
  methods: {
    StreamingRecognize: {
      requestType: 'StreamingRecognizeRequest',
      requestStream: true,
      responseType: 'StreamingRecognizeResponse',
      responseStream: true,
    },
    GetRivaSpeechRecognitionConfig: {
      requestType: 'RivaSpeechRecognitionConfigRequest',
      responseType: 'RivaSpeechRecognitionConfigResponse',
    },
  },
};

export const serviceName = 'nvidia.riva.asr.RivaSpeechRecognition';

/** For protobufjs. */
export const descriptor = {
  nested: { nvidia: { nested: { riva: { nested: { asr: { nested: { ...messages, RivaSpeechRecognition: service } } } } } } },
};
