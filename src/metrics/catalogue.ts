/**
 * Every metric that talkpath exports: name, type, help and labels; the exporter exports these and no others.
 * Names are in base units; no label ever carries a call id.
 */
export const catalogue = {
  talkpath_calls_live: { type: 'gauge', help: 'Calls at hand', labels: [] },
  talkpath_calls_total: { type: 'counter', help: 'Calls that ended', labels: ['provider', 'profile', 'end_reason'] },
  talkpath_calls_refused_total: { type: 'counter', help: 'Connections that were turned away', labels: ['reason'] },
  talkpath_call_duration_seconds: { type: 'histogram', help: 'Length of calls that ended', labels: ['provider'] },
  talkpath_line_notices_total: { type: 'counter', help: 'Oddities seen on lines, each once a call', labels: ['notice'] },
  talkpath_reply_latency_seconds: {
    type: 'histogram',
    help: "End of the caller's speech to the first sample of the reply on the line",
    labels: ['provider'],
  },
  talkpath_barge_in_stop_seconds: {
    type: 'histogram',
    help: "The caller's first sample of speech over the agent to the agent's last",
    labels: ['provider'],
  },
  talkpath_fallback_lines_total: { type: 'counter', help: 'Replies replaced by the fallback line', labels: ['provider'] },
  talkpath_provider_up: { type: 'gauge', help: 'Whether the provider would take a call now', labels: ['provider'] },
  talkpath_provider_sessions: { type: 'gauge', help: 'Calls that the provider has', labels: ['provider'] },
  talkpath_provider_failures_total: {
    type: 'counter',
    help: 'Times a provider could not be had for a call or was lost in the middle of one',
    labels: ['provider', 'code'],
  },
  talkpath_take_overs_total: { type: 'counter', help: 'Times a provider took a call over from another', labels: ['provider'] },
  talkpath_ladder_level: {
    type: 'gauge',
    help: 'First of default_provider and fallback that works; as many as there are when none does',
    labels: [],
  },
  talkpath_bridge_lines_total: { type: 'counter', help: 'Lines said while a reply was late', labels: ['provider'] },
  talkpath_usage_total: { type: 'counter', help: 'Tokens, characters and seconds that providers have charged for', labels: ['provider', 'unit'] },
  talkpath_cost_total: { type: 'counter', help: 'What that costs by the price table', labels: ['provider', 'currency'] },
  talkpath_line_frames_total: { type: 'counter', help: 'Frames of 20 ms handed to lines', labels: [] },
  talkpath_line_frames_dropped_total: { type: 'counter', help: 'Frames dropped because the peer did not read', labels: [] },
  talkpath_gap_episodes_total: { type: 'counter', help: 'Times a line heard nothing although it should have', labels: ['cause'] },
  talkpath_gap_seconds_total: { type: 'counter', help: 'Time a line heard nothing although it should have', labels: ['cause'] },
  talkpath_concealed_seconds_total: { type: 'counter', help: 'Audio made up for what was missing', labels: [] },
  talkpath_concealment_events_total: { type: 'counter', help: 'Times that audio was made up', labels: [] },
  talkpath_trimmed_seconds_total: { type: 'counter', help: 'Silence of live agents left out to be less late', labels: [] },
  talkpath_stretched_seconds_total: { type: 'counter', help: 'Silence of live agents put in to cover their jitter', labels: [] },
  talkpath_line_missing_seconds_total: { type: 'counter', help: "Callers' audio that the line did not send", labels: [] },
  talkpath_process_resident_memory_bytes: { type: 'gauge', help: 'Resident memory of the process', labels: [] },
  talkpath_process_heap_used_bytes: { type: 'gauge', help: 'JavaScript heap in use on the control thread', labels: [] },
  talkpath_engine_sessions: { type: 'gauge', help: 'Native sessions that are open', labels: [] },
  talkpath_engine_tick_lateness_seconds: { type: 'histogram', help: 'How late the 10 ms ticks began', labels: ['worker'] },
  talkpath_engine_tick_duration_seconds: { type: 'histogram', help: 'How long the ticks took', labels: ['worker'] },
  talkpath_recognition_waiting: { type: 'gauge', help: 'Callers whose words wait for the local recogniser', labels: ['tier'] },
  talkpath_recognition_expected_wait_seconds: {
    type: 'gauge',
    help: 'How long words that came now would wait for the local recogniser',
    labels: ['tier'],
  },
  talkpath_recognition_refused_total: {
    type: 'counter',
    help: 'Requests since the start that would have been recognised too late',
    labels: ['tier'],
  },
  talkpath_dialplan_requests_total: { type: 'counter', help: 'Dialplans that asked by AGI(), and what became of it', labels: ['outcome'] },
  talkpath_call_lookups_total: { type: 'counter', help: 'Calls that nobody announced and that were looked up in Asterisk', labels: ['outcome'] },
  talkpath_asterisk_connected: {
    type: 'gauge',
    help: 'Whether the connection to an interface of Asterisk stands, 1 or 0; none where it is not set',
    labels: ['interface'],
  },
  talkpath_control_stall_seconds: { type: 'histogram', help: 'How late the control thread answered its doorbell', labels: [] },
} as const satisfies Record<string, { type: 'gauge' | 'counter' | 'histogram'; help: string; labels: readonly string[] }>;

export type MetricName = keyof typeof catalogue;
