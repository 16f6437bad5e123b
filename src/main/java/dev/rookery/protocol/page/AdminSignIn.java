package dev.rookery.protocol.page;

import java.util.function.BooleanSupplier;

/**
 * How admins may sign in.
 *
 * @param passwords whether with a password, or another session of the player
 * @param oidcName how their identity provider is called; empty if there is none
 * @param passkeys whether browsers have passkeys on this server's address
 */
public record AdminSignIn(boolean passwords, String oidcName, BooleanSupplier passkeys) {
  boolean hasOidc() {
    return !oidcName.isEmpty();
  }
}
