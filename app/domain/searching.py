"""Finding questions in the bank by words, topic and level."""

from app.domain.questions import Bank, Question


def search(bank: Bank, words: str, topic: str = "", level: str = "") -> list[Question]:
    """The questions that hold every one of the words, in any case; those with them in the title come first."""
    wanted = words.lower().split()
    found = [
        question
        for question in bank.questions.values()
        if (not topic or question.topic == topic)
        and (not level or question.level == level)
        and all(word in _text(question) for word in wanted)
    ]
    return sorted(found, key=lambda question: not all(word in question.title.lower() for word in wanted))


def _text(question: Question) -> str:
    return f"{question.id} {question.title} {question.prompt} {question.answer}".lower()
