package dev.rookery.provider;

/**
 * Whom a service vouches for. What it does not say is empty.
 *
 * @param id never given to anybody else by that service
 * @param email empty, too, where the service does not know that the address is his
 * @param picture an address
 */
public record Profile(String id, String email, String name, String picture) {
  @Override
  public String toString() {
    return "Profile";
  }
}
