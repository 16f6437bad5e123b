package dev.rookery.auth;

import dev.rookery.email.Email;
import dev.rookery.player.Provider;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What is written to players. Each letter has the token as a code, for games that ask for it, and a
 * link where there is a page to go to. A link alone does nothing: programs that look into mails
 * follow links.
 */
final class EmailTemplates {
  private final String productName;
  private final Supplier<String> pagesUrl;

  /**
   * @param game its name
   * @param base where its pages are; empty if there are none
   */
  EmailTemplates(String game, Supplier<String> base) {
    this.productName = game;
    this.pagesUrl = base;
  }

  Email confirmRegistration(String to, String token) {
    return withToken(
        to,
        "Confirm your address",
        "Somebody, you we hope, made an account at %s with this address.".formatted(productName),
        "/users/confirm/",
        token,
        EmailToken.Kind.REGISTER.lifetime());
  }

  Email alreadyRegistered(String to) {
    return new Email(
        to,
        "You have an account already",
        """
        Somebody, you perhaps, tried to make an account at %s with this address. You have one
        already: sign in with it, or ask for a new password.

        If it was not you, you need not do anything.
        """
            .formatted(productName));
  }

  Email magicLink(String to, String token) {
    return withToken(
        to,
        "Sign in",
        "With this you sign in at %s.".formatted(productName),
        "/users/log-in/",
        token,
        EmailToken.Kind.SIGN_IN.lifetime());
  }

  Email passwordReset(String to, String token) {
    return withToken(
        to,
        "Set a new password",
        "With this you set a new password at %s.".formatted(productName),
        "/users/reset-password/",
        token,
        EmailToken.Kind.RESET.lifetime());
  }

  Email emailChange(String to, String token) {
    return withToken(
        to,
        "Confirm your new address",
        "With this your account at %s gets this address.".formatted(productName),
        "/users/settings/confirm-email/",
        token,
        EmailToken.Kind.CHANGE.lifetime());
  }

  Email credentialChanged(String to, String what) {
    return new Email(
        to,
        "Your " + what + " was changed",
        """
        The %s of your account at %s was changed.

        If it was not you, ask for a new password, and look where you are signed in.
        """
            .formatted(what, productName));
  }

  Email providerLinked(String to, Provider provider) {
    String name = provider.name().charAt(0) + provider.name().substring(1).toLowerCase(Locale.ROOT);
    return new Email(
        to,
        "There is one more way into your account",
        """
        An account at %s now opens your account at %s, too.

        If it was not you, part from it in your settings, set a new password, and look where you
        are signed in.
        """
            .formatted(name, productName));
  }

  private Email withToken(
      String to, String subject, String opening, String path, String token, Duration lifetime) {
    String pages = pagesUrl.get().replaceAll("/+$", "");
    String link = pages.isEmpty() ? "" : "\nOr go to " + pages + path + token + "\n";
    String text =
        """
        %s

        Your code: %s
        %s
        It works once, for %s. If you did not ask for it, you need not do anything.
        """
            .formatted(opening, token, link, describe(lifetime));
    return new Email(to, subject, text);
  }

  private static String describe(Duration lifetime) {
    long days = lifetime.toDays();
    return days > 0 ? days + " days" : lifetime.toMinutes() + " minutes";
  }
}
