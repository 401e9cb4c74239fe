#pragma once
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

// What stands in macros and variadic functions, which Swift cannot call.

static inline EVP_PKEY *sojourn_rsa_generate(size_t bits) { return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits); }

// What was written into a BIO in memory; good until it is freed.
static inline size_t sojourn_bio_bytes(BIO *bio, const char **bytes) {
  char *found = NULL;
  long count = BIO_get_mem_data(bio, &found);
  *bytes = found;
  return count > 0 ? (size_t)count : 0;
}
