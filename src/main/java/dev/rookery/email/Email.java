package dev.rookery.email;

/** A mail in plain text. Never prints: what is written in it may open an account. */
public record Email(String to, String subject, String text) {
  @Override
  public String toString() {
    return "Email";
  }
}
