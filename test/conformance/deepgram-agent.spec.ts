import { deepgramAgentBench } from '../support/conformance/deepgram-agent-bench.js';
import { conforms } from '../support/conformance/provider-kit.js';

conforms('deepgram-agent', () => deepgramAgentBench()).run();
