"""The checksums of copies, which every client checks."""

from typing import Any

PART = 5 * 1024 * 1024  # the least that S3 takes


def test_a_copy_of_what_was_uploaded_in_parts_can_be_read(messaging: Any, name: str) -> None:
    s3 = messaging.client("s3")
    s3.create_bucket(Bucket=name)
    target = {"Bucket": name, "Key": "whole"}
    upload = s3.create_multipart_upload(**target, ChecksumAlgorithm="CRC32")["UploadId"]
    parts = [
        s3.upload_part(**target, UploadId=upload, PartNumber=number, Body=body, ChecksumAlgorithm="CRC32")
        for number, body in enumerate([b"a" * PART, b"b"], 1)
    ]
    given = [
        {"PartNumber": number, "ETag": part["ETag"], "ChecksumCRC32": part["ChecksumCRC32"]}
        for number, part in enumerate(parts, 1)
    ]
    s3.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": given})
    s3.copy_object(Bucket=name, Key="copy", CopySource=target)
    s3.copy_object(Bucket=name, Key="again", CopySource={"Bucket": name, "Key": "copy"})
    read = [s3.get_object(Bucket=name, Key=key)["Body"].read() for key in ("whole", "copy", "again")]
    assert [len(body) for body in read] == [PART + 1] * 3
