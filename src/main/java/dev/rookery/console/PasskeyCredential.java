package dev.rookery.console;

/**
 * A credential of an authenticator, as it is stored.
 *
 * @param data with the public key, in base 64
 * @param backupEligible whether the credential may be on several devices
 */
record PasskeyCredential(String id, String data, long counter, boolean backupEligible) {}
