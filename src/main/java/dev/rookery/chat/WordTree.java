package dev.rookery.chat;

import dev.rookery.chat.Words.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of words as a tree: rules that begin with the same words share a path. So a text is
 * compared with many rules at a time, and rules and texts that repeat a word cost no more than
 * others. What has an asterisk is compared once with each different word of a text.
 */
final class WordTree {
  private final Node root = new Node();
  private final Map<WordPattern.Part, Integer> wildcards = new LinkedHashMap<>();

  /** The rules that end here, and the words that go on. */
  private static final class Node {
    private final List<FilterRule> rules = new ArrayList<>();
    private final Map<String, Node> words = new HashMap<>();
    private final Map<Integer, Node> wildcards = new LinkedHashMap<>();
  }

  /** Is told of words that rules have found. */
  @FunctionalInterface
  interface Visitor {
    void found(List<FilterRule> rules, List<Word> words);
  }

  void add(FilterRule rule, WordPattern pattern) {
    Node node = root;
    for (WordPattern.Part part : pattern.parts()) {
      if (part.hasAsterisk()) {
        int number = wildcards.computeIfAbsent(part, _ -> wildcards.size());
        node = node.wildcards.computeIfAbsent(number, _ -> new Node());
      } else {
        node = node.words.computeIfAbsent(part.texts().getFirst(), _ -> new Node());
      }
    }
    node.rules.add(rule);
  }

  void search(List<Word> words, Visitor visitor) {
    var search = new Search(words, visitor);
    for (int from = 0; from < words.size(); from++) {
      search.walk(root, from, from);
    }
  }

  private final class Search {
    private final List<Word> words;
    private final Visitor visitor;
    private final Map<String, BitSet> matching = new HashMap<>();

    Search(List<Word> words, Visitor visitor) {
      this.words = words;
      this.visitor = visitor;
    }

    void walk(Node node, int from, int at) {
      if (!node.rules.isEmpty()) {
        visitor.found(node.rules, words.subList(from, at));
      }
      if (at == words.size()) {
        return;
      }
      String word = words.get(at).text();
      Node next = node.words.get(word);
      if (next != null) {
        walk(next, from, at + 1);
      }
      if (!node.wildcards.isEmpty()) {
        BitSet matches = matching.computeIfAbsent(word, this::matches);
        node.wildcards.forEach(
            (number, child) -> {
              if (matches.get(number)) {
                walk(child, from, at + 1);
              }
            });
      }
    }

    private BitSet matches(String word) {
      var matches = new BitSet(wildcards.size());
      wildcards.forEach(
          (part, number) -> {
            if (part.matches(word)) {
              matches.set(number);
            }
          });
      return matches;
    }
  }
}
