package dev.rookery.protocol.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.List;

/** The table of contents: sections and the names of their pages, in the order of navigation. */
record Contents(List<Section> sections) {
  static final String FOLDER = "/docs/";

  record Section(String title, List<String> pages) {
    Section {
      pages = List.copyOf(pages);
    }
  }

  Contents {
    sections = List.copyOf(sections);
  }

  /** Reads {@code index.yaml}. */
  static Contents read() {
    return parse(Resources.text(FOLDER + "index.yaml"));
  }

  static Contents parse(String yaml) {
    try {
      var read =
          new YAMLMapper()
              .readValue(yaml, new TypeReference<LinkedHashMap<String, List<String>>>() {});
      return new Contents(
          read.entrySet().stream()
              .map(section -> new Section(section.getKey(), section.getValue()))
              .toList());
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("the table of contents: " + malformed, malformed);
    }
  }

  List<String> pages() {
    return sections.stream().flatMap(section -> section.pages().stream()).toList();
  }
}
