#include "support/recordings.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace talkpath::test {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "WAV files are read as they lie");

constexpr const char* kCallers[] = {
    "usr/share/codec2/raw/cross.raw",
    "usr/share/codec2/raw/g3plx.raw",
    "usr/share/codec2/raw/hts.raw",
    "usr/share/codec2/raw/kristoff.raw",
    "usr/share/codec2/raw/speech_orig_16k.wav",
    "usr/share/codec2/raw/ve9qrp.raw",
    "usr/share/codec2/raw/vk5qi.raw",
    "usr/share/codec2/wav/big_dog.wav",
    "usr/share/codec2/wav/david4.wav",
    "usr/share/codec2/wav/f2400.wav",
    "usr/share/codec2/wav/forig.wav",
    "usr/share/codec2/wav/m2400.wav",
    "usr/share/codec2/wav/mmt1.wav",
    "usr/share/codec2/wav/morig.wav",
    "usr/share/codec2/wav/vk2tpm_004.wav",
    "usr/share/codec2/wav/wia_16kHz.wav",
};
constexpr const char* kReaders = "usr/share/pocketsphinx/test/data/librivox";
constexpr const char* kCardPlayer = "usr/share/pocketsphinx/test/data/cards";
constexpr const char* kEnglishPrompts = "usr/share/asterisk/sounds/en_US_f_Allison";
constexpr const char* kFrenchPrompts = "usr/share/asterisk/sounds/fr_CA_f_June";
constexpr const char* kMusic = "usr/share/asterisk/moh";

const char* Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path Folder() { return Variable("TALKPATH_SPEECH_DIR"); }

std::string Bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename T>
T At(std::string_view bytes, size_t offset) {
  T value{};
  if (offset + sizeof value > bytes.size()) throw std::runtime_error("a WAV file ends too early");
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

Samples SamplesOf(std::string_view bytes) {
  Pcm pcm(bytes.size() / sizeof(int16_t));
  std::memcpy(pcm.data(), bytes.data(), pcm.size() * sizeof(int16_t));
  return ToSamples(pcm);
}

// Chunk after chunk: "fmt " says what "data" holds; anything else is passed over.
void ReadWav(std::string_view bytes, const std::string& path, Recording& recording) {
  constexpr size_t kFirstChunk = 12;
  constexpr size_t kChunkHeader = 8;
  for (size_t at = kFirstChunk; at + kChunkHeader <= bytes.size();) {
    const std::string_view id = bytes.substr(at, 4);
    const size_t size = At<uint32_t>(bytes, at + 4);
    const std::string_view body = bytes.substr(at + kChunkHeader, size);
    if (id == "fmt ") {
      const bool pcm16_mono = At<uint16_t>(body, 0) == 1 && At<uint16_t>(body, 2) == 1 && At<uint16_t>(body, 14) == 16;
      if (!pcm16_mono) throw std::runtime_error(path + " is not 16-bit mono PCM");
      recording.rate_hz = At<int32_t>(body, 4);
    } else if (id == "data") {
      recording.samples = SamplesOf(body);
      return;
    }
    at += kChunkHeader + size + size % 2;
  }
  throw std::runtime_error(path + " has no data");
}

std::vector<std::string> FilesIn(const std::string& folder, std::string_view ending) {
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::directory_iterator(Folder() / folder)) {
    if (entry.path().extension() == ending) paths.push_back(folder + "/" + entry.path().filename().string());
  }
  std::ranges::sort(paths);
  return paths;
}

std::vector<Recording> Prompts(const char* folder, int least_ms, int most_ms) {
  std::vector<Recording> recordings;
  for (const std::string& path : FilesIn(folder, ".wav")) {
    Recording recording = Recordings::Read(path);
    const double ms = 1000.0 * static_cast<double>(recording.samples.size()) / recording.rate_hz;
    const bool speech = LevelDbfs(recording.samples) > -50.0 && recording.name.find("beep") == std::string::npos &&
                        recording.name.find("tone") == std::string::npos;
    if (speech && ms >= least_ms && ms <= most_ms) recordings.push_back(std::move(recording));
  }
  return recordings;
}

}  // namespace

bool Recordings::Available() { return !Folder().empty() && fs::is_directory(Folder()); }

bool Recordings::Required() { return Variable("TALKPATH_REQUIRE_SPEECH") == std::string_view("1") || Variable("CI") == std::string_view("true"); }

Recording Recordings::Read(const std::string& path, int raw_rate_hz) {
  const fs::path file = Folder() / path;
  const std::string bytes = Bytes(file);
  Recording recording{.name = file.filename().string(), .rate_hz = raw_rate_hz};
  if (file.extension() == ".wav") ReadWav(bytes, path, recording);
  else recording.samples = SamplesOf(bytes);
  return recording;
}

std::vector<Recording> Recordings::Agent(int least_ms, int most_ms) { return Prompts(kEnglishPrompts, least_ms, most_ms); }
std::vector<Recording> Recordings::FrenchAgent(int least_ms, int most_ms) { return Prompts(kFrenchPrompts, least_ms, most_ms); }

std::vector<Recording> Recordings::Callers() {
  std::vector<Recording> callers;
  for (const char* path : kCallers) callers.push_back(Read(path));
  for (const char* folder : {kReaders, kCardPlayer}) {
    for (const std::string& path : FilesIn(folder, ".wav")) callers.push_back(Read(path));
  }
  for (const char* name : {"goforward.raw", "numbers.raw", "something.raw"}) {
    callers.push_back(Read(std::string("usr/share/pocketsphinx/test/data/") + name, 16000));
  }
  return callers;
}

std::vector<Recording> Recordings::Music() {
  std::vector<Recording> music;
  for (const std::string& path : FilesIn(kMusic, ".wav")) music.push_back(Read(path));
  return music;
}

}  // namespace talkpath::test
