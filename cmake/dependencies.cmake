# The libraries the engine stands on: WebRTC audio processing (static, built by scripts/setup) and
# libsoxr (LGPL: always shared).
if(NOT EXISTS "${TALKPATH_WEBRTC_DIR}/lib/libtalkpath_webrtc.a")
  message(FATAL_ERROR "TALKPATH_WEBRTC_DIR is '${TALKPATH_WEBRTC_DIR}', which has no lib/libtalkpath_webrtc.a. Run: npm run setup")
endif()

add_library(webrtc_audio STATIC IMPORTED)
set_target_properties(webrtc_audio PROPERTIES IMPORTED_LOCATION "${TALKPATH_WEBRTC_DIR}/lib/libtalkpath_webrtc.a")
target_include_directories(webrtc_audio SYSTEM INTERFACE "${TALKPATH_WEBRTC_DIR}/include")
target_compile_definitions(webrtc_audio INTERFACE WEBRTC_POSIX WEBRTC_LINUX WEBRTC_APM_DEBUG_DUMP=0)

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(soxr REQUIRED IMPORTED_TARGET soxr)
