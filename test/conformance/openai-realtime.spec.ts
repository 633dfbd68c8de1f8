import { openAiRealtimeBench } from '../support/conformance/openai-realtime-bench.js';
import { conforms } from '../support/conformance/provider-kit.js';

conforms('openai-realtime', () => openAiRealtimeBench()).run();
conforms('openai-realtime with our turn-taking', () => openAiRealtimeBench({ turn_detection: 'ours' })).run();
