# One sanitizer a build folder: they exclude each other.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 marks functions constexpr whose parts are not; only g++ lets that pass.
  add_compile_definitions("_GLIBCXX23_CONSTEXPR=")
endif()

if(TALKPATH_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(TALKPATH_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(TALKPATH_SANITIZE STREQUAL "realtime")
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 20)
    message(FATAL_ERROR "RealtimeSanitizer is in Clang from version 20 on, but the compiler is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
  endif()
  # What calls anything that may block, from a function that may not, does not compile.
  add_compile_options(-fsanitize=realtime -Werror=function-effects -fno-omit-frame-pointer)
  add_link_options(-fsanitize=realtime)
elseif(TALKPATH_SANITIZE)
  message(FATAL_ERROR "TALKPATH_SANITIZE is '${TALKPATH_SANITIZE}': expected address, thread or realtime")
endif()
