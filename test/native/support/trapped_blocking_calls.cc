// Takes the place of the calls of libc that may wait; each is passed on after the trap has seen it.
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "support/realtime_trap.h"

namespace {

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

using talkpath::test::RealtimeTrap;

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = Real<int(pthread_mutex_t*)>("pthread_mutex_lock");
  RealtimeTrap::Forbid("pthread_mutex_lock");
  return real(mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  static auto* const real = Real<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
  RealtimeTrap::Forbid("pthread_rwlock_rdlock");
  return real(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  static auto* const real = Real<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
  RealtimeTrap::Forbid("pthread_rwlock_wrlock");
  return real(lock);
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  static auto* const real = Real<int(pthread_cond_t*, pthread_mutex_t*)>("pthread_cond_wait");
  RealtimeTrap::Forbid("pthread_cond_wait");
  return real(condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* due) {
  static auto* const real = Real<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>("pthread_cond_timedwait");
  RealtimeTrap::Forbid("pthread_cond_timedwait");
  return real(condition, mutex, due);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  static auto* const real = Real<int(pthread_cond_t*)>("pthread_cond_signal");
  RealtimeTrap::Forbid("pthread_cond_signal");
  return real(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  static auto* const real = Real<int(pthread_cond_t*)>("pthread_cond_broadcast");
  RealtimeTrap::Forbid("pthread_cond_broadcast");
  return real(condition);
}

int sem_wait(sem_t* semaphore) {
  static auto* const real = Real<int(sem_t*)>("sem_wait");
  RealtimeTrap::Forbid("sem_wait");
  return real(semaphore);
}

int nanosleep(const timespec* time, timespec* left) {
  static auto* const real = Real<int(const timespec*, timespec*)>("nanosleep");
  RealtimeTrap::Forbid("nanosleep");
  return real(time, left);
}

int usleep(useconds_t microseconds) {
  static auto* const real = Real<int(useconds_t)>("usleep");
  RealtimeTrap::Forbid("usleep");
  return real(microseconds);
}

ssize_t read(int file, void* bytes, size_t count) {
  static auto* const real = Real<ssize_t(int, void*, size_t)>("read");
  RealtimeTrap::Forbid("read");
  return real(file, bytes, count);
}

ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const real = Real<ssize_t(int, const void*, size_t)>("write");
  RealtimeTrap::Forbid("write");
  return real(file, bytes, count);
}

size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  static auto* const real = Real<size_t(const void*, size_t, size_t, FILE*)>("fwrite");
  RealtimeTrap::Forbid("fwrite");
  return real(bytes, size, count, file);
}

int fputs(const char* text, FILE* file) {
  static auto* const real = Real<int(const char*, FILE*)>("fputs");
  RealtimeTrap::Forbid("fputs");
  return real(text, file);
}

int vfprintf(FILE* file, const char* format, va_list arguments) {
  static auto* const real = Real<int(FILE*, const char*, va_list)>("vfprintf");
  RealtimeTrap::Forbid("vfprintf");
  return real(file, format, arguments);
}

}  // extern "C"
