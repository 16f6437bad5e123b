package dev.rookery.auth;

import com.nulabinc.zxcvbn.StandardDictionaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Rejects the about thirty thousand most common passwords, ignoring case. */
final class CommonPasswords {
  private CommonPasswords() {}

  static boolean contains(String password) {
    return Dictionary.WORDS.contains(password.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns whether the password is the product name without any further letters.
   *
   * @param name lower-cased, not empty
   */
  static boolean isProductName(String password, String name) {
    String rest = password.toLowerCase(Locale.ROOT).replace(name, "");
    return rest.length() < password.length() && rest.chars().noneMatch(Character::isLetter);
  }

  /** The list, loaded when it is first needed. */
  private static final class Dictionary {
    private static final Set<String> WORDS = read();

    private static Set<String> read() {
      try {
        return StandardDictionaries.PASSWORDS_LOADER.load().getFrequencies().stream()
            .collect(Collectors.toUnmodifiableSet());
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
