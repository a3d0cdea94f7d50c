from qianxian.web import catalogue


def test_every_sentence_has_its_english():
    assert catalogue.untranslated() == []


def test_the_catalogue_holds_no_sentence_that_is_gone():
    found = {message if isinstance(message, str) else message[0] for message in catalogue.found()}
    kept = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue.held() if message.id}
    assert kept - found == set()


def test_no_page_says_a_chinese_word_that_is_not_marked_for_translation():
    loose = [
        f"{path.relative_to(catalogue.TEMPLATES)}: {words}"
        for path in sorted(catalogue.TEMPLATES.rglob("*.html"))
        for words in catalogue.unmarked(path.read_text())
    ]
    assert loose == ["components/language_form.html: 简体中文", "components/language_menu.html: 简体中文"]


def test_a_template_is_read_with_its_variables_and_plurals():
    source = (
        '{% translate "一" %}{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件们{% endblocktranslate %}'
        '{{ x|default:_("二") }}{% blocktranslate %}有 50% 了{% endblocktranslate %}'
    )
    assert list(catalogue.of_template(source)) == ["一", ("%(n)s 件", "%(n)s 件们"), "二", "有 50%% 了"]
