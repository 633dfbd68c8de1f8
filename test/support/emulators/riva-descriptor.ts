import { fromJSON, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';

const field = (id: number, type: string, more: object = {}) => ({ id, type, ...more });
const many = { rule: 'repeated' };

/** The speech recognition of nvidia.riva.asr as a server knows it; after its riva_asr.proto. */
const asr = {
  AudioEncoding: { values: { ENCODING_UNSPECIFIED: 0, LINEAR_PCM: 1, FLAC: 2, MULAW: 3, OGGOPUS: 4, ALAW: 20 } },
  RecognitionConfig: {
    fields: {
      encoding: field(1, 'AudioEncoding'),
      sample_rate_hertz: field(2, 'int32'),
      language_code: field(3, 'string'),
      max_alternatives: field(4, 'int32'),
      profanity_filter: field(5, 'bool'),
      audio_channel_count: field(7, 'int32'),
      enable_word_time_offsets: field(8, 'bool'),
      enable_automatic_punctuation: field(11, 'bool'),
      model: field(13, 'string'),
      verbatim_transcripts: field(14, 'bool'),
    },
  },
  StreamingRecognitionConfig: { fields: { config: field(1, 'RecognitionConfig'), interim_results: field(2, 'bool') } },
  StreamingRecognizeRequest: {
    oneofs: { streaming_request: { oneof: ['streaming_config', 'audio_content'] } },
    fields: { streaming_config: field(1, 'StreamingRecognitionConfig'), audio_content: field(2, 'bytes') },
  },
  WordInfo: {
    fields: { start_time: field(1, 'int32'), end_time: field(2, 'int32'), word: field(3, 'string'), confidence: field(4, 'float') },
  },
  SpeechRecognitionAlternative: {
    fields: { transcript: field(1, 'string'), confidence: field(2, 'float'), words: field(3, 'WordInfo', many) },
  },
  StreamingRecognitionResult: {
    fields: {
      alternatives: field(1, 'SpeechRecognitionAlternative', many),
      is_final: field(2, 'bool'),
      stability: field(3, 'float'),
      channel_tag: field(5, 'int32'),
      audio_processed: field(6, 'float'),
    },
  },
  StreamingRecognizeResponse: { fields: { results: field(1, 'StreamingRecognitionResult', many) } },
  RivaSpeechRecognitionConfigRequest: { fields: { model_name: field(1, 'string') } },
  Config: { fields: { model_name: field(1, 'string'), parameters: { keyType: 'string', id: 2, type: 'string' } } },
  RivaSpeechRecognitionConfigResponse: { fields: { model_config: field(1, 'Config', many) } },
  RivaSpeechRecognition: {
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
  },
};

/** Requests come with the names of enum values, and with the name of the part that a message is. */
export function rivaServiceDefinition(): ServiceDefinition {
  const json = { nested: { nvidia: { nested: { riva: { nested: { asr: { nested: asr } } } } } } };
  const options = { keepCase: true, defaults: true, enums: String, oneofs: true };
  const all: PackageDefinition = fromJSON(json as unknown as Parameters<typeof fromJSON>[0], options);
  return all['nvidia.riva.asr.RivaSpeechRecognition'] as ServiceDefinition;
}
