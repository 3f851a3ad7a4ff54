"""What WhatsApp itself writes into an exported chat, in the languages of its exports.

Phrases are compared after ``plain``. They follow exports that people have published: WhatsApp
documents none of this.
"""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """A phrase without what differs between versions: case, brackets, full stop, marks."""
    return text.strip("\u200e<>【】 .。").casefold()


def _phrases(text: str) -> frozenset[str]:
    """Phrases that stand between bars, or on lines of their own."""
    return frozenset(plain(phrase) for phrase in text.replace("\n", "|").split("|")) - {""}


AM, PM = "am", "pm"

BEFORE = {
    "오전": AM, "오후": PM, "午前": AM, "午後": PM, "上午": AM, "下午": PM, "凌晨": AM, "清晨": AM,
    "早上": AM, "中午": PM, "晚上": PM, "ÖÖ": AM, "ÖS": PM,
    "klo": "", "kl.": "", "kl": "", "à": "", "a las": "", "às": "", "at": "", "um": "", "lúc": "",
}  # fmt: skip
"""Words between date and time: halves of the day, and words that say nothing."""
AFTER = {
    "π.μ.": AM, "μ.μ.": PM, "ص": AM, "م": PM, "de.": AM, "du.": PM, "SA": AM, "CH": PM,
    "PG": AM, "PTG": PM, "ap.": AM, "ip.": PM, "fm": AM, "em": PM, "f.m.": AM, "e.m.": PM,
    "dop.": AM, "odp.": PM, "पूर्वाह्न": AM, "अपराह्न": PM, "ÖÖ": AM, "ÖS": PM, "오전": AM,
    "오후": PM, "upp.": AM, "uppm.": PM, "ق.ظ.": AM, "ب.ظ.": PM,
}  # fmt: skip
"""Halves of the day after the time, beside ``AM``, ``p.m.`` and ``p. m.``."""
YEAR_FIRST = frozenset({"오전", "오후"})
"""Where these stand a date of two-figure numbers begins with the year."""

PLACEHOLDERS = _phrases(
    """
    media omitted|image omitted|video omitted|audio omitted|gif omitted|sticker omitted
    document omitted|contact card omitted|video note omitted|voice message omitted
    video message omitted|view once message omitted
    medien ausgeschlossen|medien weggelassen|bild weggelassen|video weggelassen|audio weggelassen
    gif weggelassen|sticker weggelassen|dokument weggelassen|kontaktkarte ausgelassen
    kontaktkarte weggelassen|videonachricht weggelassen
    multimedia omitido|archivo omitido|imagen omitida|video omitido|vídeo omitido|audio omitido
    gif omitido|sticker omitido|documento omitido|tarjeta de contacto omitida
    médias omis|média omis|fichier omis|image absente|vidéo absente|audio omis|gif retiré
    sticker omis|document manquant|document omis|fiche contact manquante
    media omesso|media omessi|immagine omessa|video omesso|audio omesso|gif esclusa|gif omessa
    sticker non incluso|documento omesso|scheda contatto omessa
    mídia oculta|mídia omitida|arquivo de mídia oculto|imagem ocultada|vídeo ocultado
    áudio ocultado|figurinha omitida|cartão do contato omitido|ficheiro não revelado
    imagem não revelada|vídeo não revelado|ficheiro de áudio não revelado|gif não revelada
    sticker não revelado|documento não revelado|contacto não revelado
    media weggelaten|afbeelding weggelaten|video weggelaten|audio weggelaten|gif weggelaten
    sticker weggelaten|document weggelaten|visitekaartje weggelaten
    pominięto multimedia|pliki pominięto|obraz pominięty|wideo pominięte|audio pominięte
    plik gif pominięty|pominięto naklejkę|dokument pominięty|pominięta wizytówka kontaktu
    без медиафайлов|файл пропущен|изображение отсутствует|видео отсутствует|аудио отсутствует
    аудиофайл отсутствует|gif отсутствует|стикер не добавлен|документ отсутствует
    карточка контакта отсутствует
    медіа пропущено|зображення відсутнє|відео відсутнє|аудіо відсутнє|наклейку не додано
    gif-анімацію пропущено|документ пропущено|картка контакту відсутня
    medya dahil edilmedi|medya atlanmış|görüntü dahil edilmedi|video dahil edilmedi
    ses dahil edilmedi|gif dahil edilmedi|çıkartma dahil edilmedi|belge dahil edilmedi
    kişi kartı dahil edilmedi
    メディアなし|メディアは含まれていません|画像は含まれていません|ビデオは含まれていません
    音声は含まれていません|gifは含まれていません|スタンプは含まれていません
    ドキュメントは含まれていません|連絡先カードを省略
    미디어 파일 제외됨|미디어 파일을 생략한 대화내용|이미지 생략됨|비디오 생략됨|동영상 생략됨
    오디오 생략됨|gif 생략됨|스티커 제외됨|문서 생략됨|연락처 카드 생략됨
    忽略多媒體檔|省略多媒体文件|省略多媒體檔案|媒体省略|圖片已略去|圖像已省略|照片已忽略|影片已略去|影片已省略
    视频已忽略|音訊已略去|音訊已省略|音频已忽略|貼圖已略去|貼圖已忽略|贴图已省略
    gif 已略去|文件已略去
    文件已忽略|文档已省略|聯絡人卡片已略去|聯絡人卡片已省略|联系人卡片已忽略
    تم استبعاد الوسائط|لم يتم إدراج الصورة|لم يتم إدراج الفيديوهات|لم يتم إدراج المقاطع الصوتية
    تم حذف الملصقات|لم يتم إدراج صورة gif|لم يتم إدراج المستند|لم يتم إدراج بطاقة جهة اتصال
    המדיה לא נכללה|מדיה הושמטה|התמונה הושמטה|סרטון הווידאו הושמט|קטע קול הושמט|סטיקר הושמט
    gif הושמט|מסמך הושמט|כרטיס איש קשר הושמט
    मीडिया के बिना|फ़ोटो हटाई गई|वीडियो छोड़ा गया|ऑडियो हटाई गयी|स्टिकर छोड़ा गया|डॉक्यूमेंट छोड़ा गया
    media jätetty pois|ei kuvaa|videota ei sisällytetä|äänitiedostoa ei sisällytetä
    media har utelämnats|bild utesluten|video utesluten|ljud utelslutet|dokument uteslutet
    mediefil udeladt|billede udeladt|video udeladt|lyd udeladt|klistermærke udeladt|dokument udeladt
    uten vedlegg|bilde ikke inkludert|video utelatt|lyd utelatt|klistremerke utelatt
    média vynechána|obrázek vynechán|video vynecháno|zvukový soubor vynechán|nálepka vynechána
    dokument vynechán|vizitka vynechána
    média elhagyva|hiányzó médiafájl|media tidak disertakan|gambar tidak disertakan
    video tidak disertakan|audio tidak disertakan|stiker tidak disertakan|dokumen tidak disertakan
    bỏ qua tệp phương tiện|bỏ qua media|đã bỏ qua hình ảnh|đã bỏ video|สื่อถูกลบ|ไม่มีรูปภาพ
    conținut media omis|imagine omisă|εξαίρεση πολυμέσων|εικόνα παραλείφθηκε|βίντεο παραλείφθηκε
    """
)
"""In place of media that were not exported."""

DELETED = _phrases(
    """
    this message was deleted|you deleted this message|message deleted
    this message was deleted by admin
    diese nachricht wurde gelöscht|du hast diese nachricht gelöscht
    se eliminó este mensaje|eliminaste este mensaje|este mensaje fue eliminado
    ce message a été supprimé|vous avez supprimé ce message
    questo messaggio è stato eliminato|hai eliminato questo messaggio
    mensagem apagada|esta mensagem foi apagada|você apagou esta mensagem|apagou esta mensagem
    essa mensagem foi apagada
    dit bericht is verwijderd|u hebt dit bericht verwijderd|je hebt dit bericht verwijderd
    ta wiadomość została usunięta|usunięto tę wiadomość
    данное сообщение удалено|вы удалили данное сообщение|это сообщение удалено
    вы удалили это сообщение
    це повідомлення було видалено|ви видалили це повідомлення
    bu mesaj silindi|bu mesajı sildiniz
    このメッセージは削除されました|あなたはこのメッセージを削除しました|このメッセージを削除しました
    이 메시지는 삭제되었습니다|이 메시지를 삭제했습니다|삭제된 메시지입니다
    此消息已删除|您已删除此消息|此訊息已被刪除|您已刪除此訊息|你已刪除此訊息
    تم حذف هذه الرسالة|حذفت هذه الرسالة
    ההודעה נמחקה|הודעה זו נמחקה|מחקת את ההודעה הזו
    tato zpráva byla smazána|tuto zprávu jste smazal/a|denna meddelande raderades
    det här meddelandet raderades|denne besked blev slettet|tämä viesti poistettiin
    pesan ini telah dihapus|anda menghapus pesan ini|यह मैसेज मिटाया गया|आपने यह मैसेज मिटाया
    """
)
"""In place of a message that was deleted."""

EDITED = _phrases(
    """
    this message was edited|diese nachricht wurde bearbeitet|se editó este mensaje|mensaje editado
    ce message a été modifié|questo messaggio è stato modificato|mensagem editada
    esta mensagem foi editada|dit bericht is bewerkt|ta wiadomość została zmieniona
    wiadomość edytowana|сообщение изменено|данное сообщение изменено|повідомлення змінено
    bu mesaj düzenlendi|このメッセージは編集されました|編集済み
    수정된 메시지입니다|이 메시지는 수정되었습니다
    此消息已编辑|此訊息已被編輯|已编辑|تم تعديل هذه الرسالة|ההודעה נערכה|zpráva byla upravena
    tato zpráva byla upravena|det här meddelandet redigerades|viestiä muokattiin|pesan ini diedit
    """
)
"""In angle brackets after a message that was edited."""

ATTACHED = _phrases(
    """
    file attached|datei angehängt|archivo adjunto|fichier joint|pièce jointe|file allegato
    arquivo anexado|ficheiro anexado|bestand bijgevoegd|plik dołączony|załączono plik|файл добавлен
    файл прикреплен|прикрепленный файл|файл додано|dosya ekli|添付ファイル|ファイル添付
    파일 첨부됨|첨부 파일
    文件附件|附件|檔案附件|附加檔案|الملف مرفق|ملف مرفق|קובץ מצורף|soubor byl přiložen|bifogad fil
    vedhæftet fil|vedlagt fil|liitetiedosto|file terlampir|fájl csatolva|tệp được đính kèm
    फ़ाइल संलग्न|फ़ाइल जुड़ी है
    """
)
"""In brackets after the name of a file that was exported."""

ENCRYPTED = re.compile(
    r"end-to-end[ -]?(?:encrypted|encryption|versleuteld|şifreli|crittografat|krypter)"
    r"|Ende-zu-Ende|extremo a extremo|bout en bout|ponta a ponta|ponto a ponto|end-to-end,|"
    r"crittografati? end-to-end|metodą end-to-end|сквозн\w+ шифрован|наскрізн\w+ шифрув|uçtan uca"
    r"|エンドツーエンド|종단간|端到端|端對端|تمامًا بين الطرفين|מקצה לקצה|koncovým šifrováním"
    r"|एंड-टू-एंड|secured with end-to-end|versleuteld|全程加密|päästä päähän|từ đầu đến cuối",
    re.IGNORECASE,
)
"""The notice that a chat is encrypted."""

NOTICE = re.compile(
    r"created (?:this |the )?group|(?:You|you)? ?added |\badded you\b|\bleft$|\bleft the group"
    r"|\bremoved |joined (?:using|from|the)|\bwas added\b|changed (?:the|this|their|to|your)"
    r"|security code|now an admin|turned (?:on|off)|pinned a message|message timer|is a contact"
    r"|blocked this contact|started a call|(?:Missed|Silenced) |^(?:Voice|Video|Group) call\b"
    r"|(?:Gruppe|Gruppenbild|Gruppenname|Betreff)|hinzugefügt|entfernt|verlassen|beigetreten"
    r"|Sicherheitsnummer|(?:Sprach|Video)anruf|creó (?:este|el) grupo|(?:añadi|agreg)ó|añadiste"
    r"|creaste|eliminó a|salió|se unió|código de seguridad|llamada|videollamada"
    r"|a créé|a ajouté|avez ajouté|a retiré|a quitté|a rejoint|code de sécurité"
    r"|appel (?:vocal|vidéo)"
    r"|ha creato|ha aggiunto|ha rimosso|ha abbandonato|codice di sicurezza|(?:video)?chiamata"
    r"|criou (?:este|o) grupo|adicionou|removeu|\bsaiu\b|entrou usando|código de segurança"
    r"|chamada de|ligação de|heeft .{1,80} (?:aangemaakt|toegevoegd|verwijderd|verlaten|gewijzigd)"
    r"|beveiligingscode|gemiste|oproep|utworzy|dodał|usunął|opuści|nieodebrane|połączenie"
    r"|создал|добавил|удалил|покинул|код безопасности|звонок|створи|додав|вийшов|дзвінок"
    r"|oluşturdu|ekledi|çıkardı|ayrıldı|katıldı|arama|güvenlik kodu"
    r"|グループ.{0,40}作成|追加しました|退出しました|参加しました|通話|着信|セキュリティコード"
    r"|그룹을 만들|초대|나갔습니다|추가했습니다|통화|보안 코드"
    r"|创建了|建立了|加入了|退出了|離開|語音通話|语音通话|視像通話|视频通话|安全代码|安全碼"
    r"|أنشأ|أضاف|غادر|انضم|مكالمة|יצר|הוסיף|עזב|שיחה",
    re.IGNORECASE,
)
"""Other notices: who joined and left, calls, changes of the group; in 14 languages."""

CHAT_WITH = re.compile(
    r"(?:WhatsApp Chat (?:with|-|mit)|Chat de WhatsApp con|Chat WhatsApp con"
    r"|Discussion WhatsApp avec|Conversa d[oe] WhatsApp com|Conversa no WhatsApp com"
    r"|WhatsApp-chat met|WhatsApp-Chat mit|Чат WhatsApp с|Czat WhatsApp z"
    r"|WhatsApp Sohbeti -|Rozmowa WhatsApp z)[ _](.{1,100})",
    re.IGNORECASE,
)
"""How a chat's file or folder is called: the other's name, or the group's, stands after it."""
